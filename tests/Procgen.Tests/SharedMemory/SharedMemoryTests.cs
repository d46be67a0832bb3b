using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;
using Block = Procgen.SharedMemory;

namespace Procgen.Tests.SharedMemory;

public sealed class SharedMemoryTests
{
    [Test]
    public void It_is_zeroed_and_as_long_as_asked()
    {
        using Block memory = Block.Create(1000);

        Assert.That(memory.Size, Is.EqualTo(1000));
        Assert.That(memory.Span.Length, Is.EqualTo(1000));
        Assert.That(memory.Span.IndexOfAnyExcept((byte)0), Is.Negative);
    }

    [Test]
    public async Task A_child_sees_and_changes_the_same_bytes()
    {
        using Block memory = Block.Create(100);
        memory.Span[0] = 41;
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.Increment(memory));
        await child.Completion;

        Assert.That(memory.Span[0], Is.EqualTo(42));
    }

    [TestCase("named")]
    [TestCase(null)]
    public async Task A_child_attaches_by_name(string? name)
    {
        using Block memory = Block.Create(100, name is null ? null : UniqueName());
        memory.Span[0] = 41;
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.IncrementByName(memory.Name));
        await child.Completion;

        Assert.That(memory.Span[0], Is.EqualTo(42));
    }

    [Test]
    public void A_name_is_taken_once_and_found_until_its_last_holder_lets_go()
    {
        string name = UniqueName();
        Block first = Block.Create(10, name);
        Block second = Block.Attach(name);
        Assert.That(() => Block.Create(10, name), Throws.InstanceOf<IOException>());
        first.Dispose();
        using (Block third = Block.Attach(name)) Assert.That(third.Size, Is.EqualTo(10));
        second.Dispose();

        Assert.That(() => Block.Attach(name), Throws.TypeOf<FileNotFoundException>());
        Assert.That(NamedFiles(name), Is.Empty);
    }

    [Test]
    public void An_unlinked_name_is_free_and_its_holders_go_on()
    {
        string name = UniqueName();
        Block first = Block.Create(10, name);
        first.Unlink();
        Assert.That(() => Block.Attach(name), Throws.TypeOf<FileNotFoundException>());
        using Block second = Block.Create(20, name);

        first.Span[9] = 1;
        Assert.That(second.Size, Is.EqualTo(20));
        Assert.That(second.Span[9], Is.Zero);
        first.Dispose();
        using Block found = Block.Attach(name);
        Assert.That(found.Size, Is.EqualTo(20), "the name is the second's, and stays when the first goes");
    }

    [Test]
    public void What_a_killed_process_left_under_a_name_is_gone_after_the_next_use()
    {
        string name = UniqueName();
        KillHolder(name);
        Assert.That(() => Block.Attach(name), Throws.TypeOf<FileNotFoundException>());
        Assert.That(NamedFiles(name), Is.Empty);
    }

    [Test]
    public void It_is_gone_too_when_the_next_use_is_the_start_of_a_child()
    {
        string name = UniqueName();
        KillHolder(name);
        using ChildProcess next = ChildProcess.Start(MemoryJobsTargets.StartAnother());
        Assert.That(next.Join(Guard));
        Assert.That(NamedFiles(name), Is.Empty);
    }

    [Test]
    [Platform("Linux")]
    public void One_that_does_not_fit_into_this_process_is_refused_and_not_held()
    {
        string path = $"/dev/shm/procgen.{UniqueName()}";
        byte[] header = new byte[Unsafe.SizeOf<BlockHeader>()];
        BinaryPrimitives.WriteUInt64LittleEndian(header, BlockHeader.ExpectedMagic);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), 1L << 60);
        using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
        {
            // Held by somebody, or it would be swept.
            using FileStream holder = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            file.Write(header);
            file.Flush();
            Assert.That(() => Block.Attach(Path.GetFileName(path)["procgen.".Length..]), Throws.TypeOf<InsufficientMemoryException>());
        }

        Assert.That(Directory.GetFiles("/proc/self/fd").Select(link => new FileInfo(link).LinkTarget), Has.None.EqualTo(path));
        File.Delete(path);
    }

    [Test]
    public void Only_this_user_may_open_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Permissions of /dev/shm.");
            return;
        }

        string name = UniqueName();
        using Block memory = Block.Create(10, name);

        Assert.That(File.GetUnixFileMode(NamedFiles(name).Single()), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Sizes_that_are_none_are_refused(long size) =>
        Assert.That(() => Block.Create(size), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(1L << 62)]
    [TestCase(long.MaxValue)]
    [TestCase(1L << 45)]
    public void More_than_the_machine_has_is_refused(long size)
    {
        Assert.That(() => Block.Create(size), Throws.TypeOf<InsufficientMemoryException>());
        string name = UniqueName();
        Assert.That(() => Block.Create(size, name), Throws.TypeOf<InsufficientMemoryException>());
        Assert.That(NamedFiles(name), Is.Empty);
    }

    [TestCase("")]
    [TestCase("a/b")]
    [TestCase(".hidden")]
    [TestCase("@mark")]
    public void Names_that_are_none_are_refused(string name) =>
        Assert.That(() => Block.Create(1, name), Throws.ArgumentException);

    [Test]
    public void Nothing_leads_to_a_name_that_was_never_made()
    {
        Assert.That(() => Block.Attach(UniqueName()), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => Block.Attach("@00000000000000000000000000000000.1.1"), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => Block.Attach("@nonsense"), Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void Parts_are_taken_within_bounds()
    {
        using Block memory = Block.Create(100);

        Assert.That(memory.GetSpan(90, 10).Length, Is.EqualTo(10));
        Assert.That(memory.GetSpan(100, 0).Length, Is.Zero);
        Assert.That(() => memory.GetSpan(91, 10).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => memory.GetSpan(-1, 1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => memory.GetSpan(0, -1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => memory.GetSpan(long.MaxValue, 1).Length, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void More_than_a_span_holds_is_reached_by_parts()
    {
        using Block memory = Block.Create(3L << 30);
        memory.GetSpan((3L << 30) - 1, 1)[0] = 1;

        Assert.That(() => memory.Span.Length, Throws.InvalidOperationException);
        Assert.That(() => memory.Memory.Length, Throws.InvalidOperationException);
    }

    [Test]
    public void After_disposal_it_is_gone()
    {
        Block memory = Block.Create(1);
        Memory<byte> bytes = memory.Memory;
        memory.Dispose();
        memory.Dispose();

        Assert.That(() => memory.Span.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => memory.GetSpan(0, 1).Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => bytes.Span.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => Write(memory), Throws.TypeOf<ObjectDisposedException>());
    }

    private static void KillHolder(string name)
    {
        using ProcessEvent ready = new();
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.HoldNamed(name, ready));
        ready.Wait(Guard);
        child.Kill();
        child.Join(Guard);
    }

    private static string UniqueName() => "tests-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    private static string[] NamedFiles(string name) => Directory.Exists("/dev/shm") ? Directory.GetFiles("/dev/shm", $"*{name}*") : [];
}
