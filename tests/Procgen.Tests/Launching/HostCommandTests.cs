using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

public class HostCommandTests
{
    private static string TestAssembly => Path.Combine(AppContext.BaseDirectory, "Procgen.Tests.dll");

    [Test]
    public void A_test_host_starts_the_test_assembly_with_its_own_files()
    {
        HostCommand command = HostCommand.Resolve(null);
        Assert.That(Path.GetFileNameWithoutExtension(command.FileName), Is.EqualTo("dotnet").Or.EqualTo("Procgen.Tests"));
        if (command.Arguments.Count == 0) return;
        Assert.That(command.Arguments[0], Is.EqualTo("exec"));
        Assert.That(command.Arguments[^1], Is.EqualTo(command.NeedsHook ? TestAssembly : Path.Combine(AppContext.BaseDirectory, "Procgen.Host.dll")));
        Assert.That(command.Arguments, Does.Contain(Path.ChangeExtension(TestAssembly, ".deps.json")));
        Assert.That(command.Arguments, Does.Contain(Path.ChangeExtension(TestAssembly, ".runtimeconfig.json")));
    }

    [Test]
    [Platform("Linux")]
    public void The_library_s_own_entry_assembly_needs_no_hook_and_is_called_by_the_app_s_name()
    {
        HostCommand command = HostCommand.Resolve(null);
        string executable = Path.ChangeExtension(TestAssembly, null);
        Assert.That(command.NeedsHook, Is.False);
        Assert.That(command.CalledAs, Is.EqualTo(File.Exists(executable) ? executable : command.FileName));
    }

    [Test]
    public void An_executable_that_the_user_names_is_started_with_a_hook() =>
        Assert.That(HostCommand.Resolve(TestAssembly).NeedsHook);

    [Test]
    public void An_assembly_is_started_by_the_dotnet_command()
    {
        HostCommand command = HostCommand.Resolve(TestAssembly);
        Assert.That(Path.GetFileNameWithoutExtension(command.FileName), Is.EqualTo("dotnet"));
        Assert.That(File.Exists(command.FileName));
        Assert.That(command.Arguments, Is.EqualTo(new[] { "exec", TestAssembly }));
    }

    [Test]
    public void Any_other_file_is_started_as_it_is()
    {
        string path = Path.ChangeExtension(TestAssembly, ".deps.json");
        Assert.That(HostCommand.Resolve(path).FileName, Is.EqualTo(path));
        Assert.That(HostCommand.Resolve(path).Arguments, Is.Empty);
    }

    [TestCase("/nowhere/app")]
    [TestCase("/nowhere/app.dll")]
    [TestCase("nowhere")]
    public void A_missing_file_is_named(string path)
        => Assert.That(
            () => HostCommand.Resolve(path),
            Throws.TypeOf<FileNotFoundException>().With.Message.Contains(Path.GetFullPath(path)).And.Property("FileName").EqualTo(Path.GetFullPath(path)));
}
