using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Procgen.Generator.Emitting;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Stubs;

/// <summary>Which executables bring what managers need. A native one that does not is a third as large.</summary>
public sealed class ManagerUseTests
{
    private const string Entry = "WorkerEntry.UseManagers();";
    private const string Target = "static class Work { [ProcessTarget] public static int Square(int x) => x * x; }";

    [TestCase("Console.WriteLine(WorkTargets.Square(3).TargetName);")]
    [TestCase("using var queue = new ProcessQueue<int>(); using var gate = new ProcessLock(); queue.Put(1); var (left, right) = ProcessPipe.Create<int>(); left.Dispose(); right.Dispose();")]
    [TestCase("using var pool = new ProcessPool(2); Console.WriteLine(Environment.CurrentManagedThreadId);")]
    public void An_executable_that_names_no_manager_leaves_them_out(string main) =>
        Assert.That(Registration(main + Target), Does.Contain("WorkerEntry.TakeOverIfWorker();").And.Not.Contain(Entry));

    [TestCase("using var manager = ProcessManager.Start();")]
    [TestCase("using var manager = global::Procgen.ProcessManager.Start();")]
    [TestCase("void Use(ManagedList<int> numbers) => Console.WriteLine(numbers.Count); Use(null!);")]
    [TestCase("Console.WriteLine(typeof(ProcessListener));")]
    public void One_that_may_meet_them_brings_them(string main)
    {
        string registration = Registration(main + Target);
        Assert.That(registration, Does.Contain(Entry));
        Assert.That(registration.IndexOf(Entry, StringComparison.Ordinal), Is.LessThan(registration.IndexOf("TakeOverIfWorker", StringComparison.Ordinal)), "a worker never comes back from there");
    }

    [Test]
    public void A_class_of_a_manager_is_enough() =>
        Assert.That(Registration("Console.WriteLine();" + Target + "[ManagedObject] class Counter { public int Count { get; set; } }"), Does.Contain(Entry));

    [Test]
    public void An_alias_is_enough() =>
        Assert.That(Registration("using Manager = Procgen.ProcessManager; using var manager = Manager.Start();" + Target), Does.Contain(Entry));

    /// <summary>Of a library that uses Procgen it is not known what for; the entry assembly lies beside Procgen in the package.</summary>
    [TestCase("Lib", true)]
    [TestCase("Procgen.Host", false)]
    public void A_library_is_enough_but_the_packages_own_is_none(string name, bool isEnough)
    {
        CSharpCompilation library = AppCompilation.Of("public static class Lib { public static string? Name => CurrentProcess.Name; }", name: name);
        GeneratorRun app = GeneratorRun.Of(AppCompilation.Of("Console.WriteLine(Lib.Name);", OutputKind.ConsoleApplication, "App", library.ToMetadataReference()));
        Assert.That(app.AssertCompiles().Files[RegistrationEmitter.HintName], isEnough ? Does.Contain(Entry) : Does.Not.Contain(Entry));
    }

    [Test]
    public void Of_a_library_it_is_not_known() =>
        Assert.That(GeneratorRun.Of(Target).AssertCompiles().Files[RegistrationEmitter.HintName], Does.Not.Contain("WorkerEntry"));

    [Test]
    public void The_first_manager_named_makes_the_registration_again_and_the_next_does_not()
    {
        GeneratorRun none = GeneratorRun.Of("Console.WriteLine();" + Target, OutputKind.ConsoleApplication);
        GeneratorRun first = none.Edit(static text => text.Replace("Console.WriteLine();", "ProcessManager? a = null; Console.WriteLine(a);", StringComparison.Ordinal));
        Assert.That(first.Files[RegistrationEmitter.HintName], Does.Contain(Entry));
        GeneratorRun next = first.Edit(static text => text.Replace("Console.WriteLine(a);", "ProcessManager? b = a; Console.WriteLine(b);", StringComparison.Ordinal));
        Assert.That(
            next.Result.TrackedSteps[Steps.Registration].SelectMany(static run => run.Outputs).Select(static output => output.Reason),
            Has.All.EqualTo(IncrementalStepRunReason.Cached).Or.EqualTo(IncrementalStepRunReason.Unchanged));
    }

    private static string Registration(string source) =>
        GeneratorRun.Of(source, OutputKind.ConsoleApplication).AssertCompiles().Files[RegistrationEmitter.HintName];
}
