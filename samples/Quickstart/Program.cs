using Procgen;
using Quickstart;

// Hashes and counts the words of every file under a folder, once spread over child processes and once right here.
string root = Path.GetFullPath(args is [var folder, ..] ? folder : SourceTree.RepositoryRoot());
List<string>[] shares = SourceTree.Split(SourceTree.Files(root), Math.Max(2, Environment.ProcessorCount));
Console.WriteLine($"{shares.Sum(share => share.Count)} files under {root}, for {shares.Length} child processes of {Environment.ProcessId}");

// Start returns when the child is on its way and has its arguments; all of them work at the same time.
ChildProcess<Digest>[] children = [.. shares.Select(share => ChildProcess.Start(FileWorkTargets.Summarize(share)))];
var total = Digest.Empty;
foreach (ChildProcess<Digest> child in children)
{
    await using (child)
    {
        Digest digest = await child.Completion;
        Console.WriteLine($"  {child.Name}, pid {child.Id}: {digest}");
        total += digest;
    }
}

Digest expected = FileWork.Summarize([.. shares.SelectMany(share => share)]);
Console.WriteLine($"together:     {total}");
Console.WriteLine($"in-process:   {expected}");
Console.WriteLine(total == expected ? "The totals agree." : "The totals differ!");
return total == expected ? 0 : 1;
