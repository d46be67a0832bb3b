using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Procgen.Interop;

namespace Procgen.Tests.Interop;

/// <summary>Each in a process of its own, which would not survive a page that is given back and was needed.</summary>
[Platform("Linux")]
public class MappedCodeTests
{
    [Test]
    public async Task A_process_that_has_let_go_has_less_and_goes_on_as_before()
    {
        using ChildProcess<(long Before, long After, string Work)> child = ChildProcess.Start(MappedCodeJobsTargets.LetGoAndGoOn());
        (long before, long after, string work) = await child.Completion;
        Assert.That(after, Is.LessThan(before));
        Assert.That(work, Is.EqualTo("1.5,b,3"));
    }

    [Test]
    public async Task Code_that_was_written_to_stays_as_it_is()
    {
        using ChildProcess<(int Written, int Beside)> child = ChildProcess.Start(MappedCodeJobsTargets.WriteAndLetGo());
        Assert.That(await child.Completion, Is.EqualTo((1, 2)), "the written page and the one beside it");
    }
}

internal static partial class MappedCodeJobs
{
    private const int PageSize = 4096;
    private const int ReadExecute = 5;
    private const int ReadWrite = 3;
    private const int Private = 2;

    [ProcessTarget]
    public static (long Before, long After, string Work) LetGoAndGoOn()
    {
        long before = FilePages();
        MappedCode.LetGo();
        long after = FilePages();

        // Old code and new, of the runtime and of libraries, compiled before and only now.
        Thread other = new(static () => GC.Collect());
        other.Start();
        other.Join();
        string[] parts = [(3 / 2.0).ToString(CultureInfo.InvariantCulture), Regex.Match("abc", "b").Value, new[] { 1, 2, 3 }.Max().ToString(CultureInfo.InvariantCulture)];
        return (before, after, string.Join(',', parts));
    }

    /// <summary>A file of two pages that begin with twos, the first overwritten where it is mapped: as a profiler patches code.</summary>
    [ProcessTarget]
    public static unsafe (int Written, int Beside) WriteAndLetGo()
    {
        const int Length = 2 * PageSize;
        int descriptor = LibCMemory.CreateAnonymousFile("code", Length);
        byte* file = LibCMemory.Map(descriptor, 0, Length);
        file[0] = file[PageSize] = 2;
        byte* code = mmap(null, Length, ReadWrite, Private, descriptor, 0);
        code[0] = 1;
        Assert.That(mprotect(code, Length, ReadExecute), Is.Zero);
        MappedCode.LetGo();
        return (code[0], code[PageSize]);
    }

    private static long FilePages() =>
        long.Parse(Regex.Match(File.ReadAllText("/proc/self/status"), @"RssFile:\s+(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);

    [LibraryImport("libc")]
    private static unsafe partial byte* mmap(byte* address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    private static unsafe partial int mprotect(byte* address, nint length, int protection);
}
