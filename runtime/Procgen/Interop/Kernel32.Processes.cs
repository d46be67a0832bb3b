using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Starting, limiting, waiting for and ending processes.</summary>
internal static unsafe partial class Kernel32
{
    /// <summary>The pseudo handle of this process.</summary>
    public const nint ThisProcess = -1;

    [StructLayout(LayoutKind.Sequential)]
    public struct StartupInformation
    {
        public int Size;
        public nint Reserved, Desktop, Title;
        public int X, Y, Width, Height, Columns, Rows, Fill;
        public int Flags;
        public short Show, ReservedSize;
        public nint ReservedBytes;
        public nint Input, Output, Error;
        public void* Attributes;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessInformation
    {
        public nint Process, Thread;
        public int ProcessId, ThreadId;
    }

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct JobLimits
    {
        public long ProcessTime, JobTime;
        public uint Flags;
        public nuint LeastWorkingSet, MostWorkingSet;
        public uint Processes;
        public nuint Affinity;
        public uint Priority, Scheduling;
        public ulong Reads, Writes, Others, ReadBytes, WrittenBytes, OtherBytes;
        public nuint ProcessMemory, JobMemory, PeakProcessMemory, PeakJobMemory;
    }

    /// <summary>PROCESSENTRY32W.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessEntry
    {
        public uint Size, Usage;
        public int ProcessId;
        public nuint Heap;
        public uint Module, Threads;
        public int ParentId;
        public int Priority;
        public uint Flags;
        public fixed char Name[260];
    }

    [LibraryImport(Library, SetLastError = true)]
    public static partial int CreateProcessW(
        char* application, char* commandLine, SecurityAttributes* process, SecurityAttributes* thread, int inherit,
        uint flags, char* environment, char* directory, StartupInformation* startup, ProcessInformation* information);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int InitializeProcThreadAttributeList(void* list, int count, uint flags, nuint* size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int UpdateProcThreadAttribute(void* list, uint flags, nuint attribute, void* value, nuint size, void* previous, nuint* returned);

    [LibraryImport(Library)]
    public static partial void DeleteProcThreadAttributeList(void* list);

    [LibraryImport(Library)]
    public static partial uint ResumeThread(nint thread);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int TerminateProcess(nint process, uint exitCode);

    [LibraryImport(Library)]
    public static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int GetExitCodeProcess(nint process, uint* exitCode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int SetProcessAffinityMask(nint process, nuint mask);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint CreateJobObjectW(SecurityAttributes* security, char* name);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int SetInformationJobObject(nint job, int kind, void* information, uint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int AssignProcessToJobObject(nint job, nint process);

    [LibraryImport(Library)]
    public static partial nint OpenProcess(uint access, int inherit, int processId);

    [LibraryImport(Library)]
    public static partial int GetProcessTimes(nint process, long* created, long* exited, long* kernel, long* user);

    [LibraryImport(Library)]
    public static partial nint CreateToolhelp32Snapshot(uint flags, int processId);

    [LibraryImport(Library)]
    public static partial int Process32FirstW(nint snapshot, ProcessEntry* entry);

    [LibraryImport(Library)]
    public static partial int Process32NextW(nint snapshot, ProcessEntry* entry);
}
