namespace Procgen.Interop;

/// <summary>The code that is mapped into this process from files. Linux; elsewhere nothing happens.</summary>
internal static unsafe class MappedCode
{
    private const string Maps = "/proc/self/smaps";

    // Longer lines hold paths, of which only the beginning matters.
    private const int LineLength = 256;

    /// <summary>
    /// Gives back the pages of code that nobody has written to: what is used again is mapped again from the file, and what
    /// was needed only to start is not there any more to be counted and taken down at the end.
    /// </summary>
    /// <remarks>Nobody may unload a library meanwhile: other memory could come to lie in its place.</remarks>
    public static void LetGo()
    {
        if (!OperatingSystem.IsLinux()) return;
        int descriptor = LibCMemory.Open(Maps, LibCMemory.CloseOnExec);
        if (descriptor < 0) return;
        byte* line = stackalloc byte[LineLength];
        byte* read = stackalloc byte[4096];
        int length = 0;
        var mapping = default(Mapping);
        for (nint count; (count = LibCMemory.Read(descriptor, read, 4096)) > 0;)
        {
            for (nint i = 0; i < count; i++)
            {
                if (read[i] != '\n')
                {
                    if (length < LineLength) line[length++] = read[i];
                    continue;
                }

                mapping.Note(new ReadOnlySpan<byte>(line, length));
                length = 0;
            }
        }

        _ = LibCMemory.Close(descriptor);
    }

    /// <summary>One mapping, as a line with its addresses and the lines about it that follow.</summary>
    private struct Mapping
    {
        private nint _start;
        private nint _end;
        private bool _isCode;
        private bool _isUnwritten;

        public void Note(ReadOnlySpan<byte> line)
        {
            // "7f3000000000-7f3000001000 r-xp 00000000 fe:00 1234  /usr/lib/libc.so.6", then "Anonymous:   0 kB" and others.
            if (line.IsEmpty) return;
            if (IsHex(line[0]))
            {
                int dash = line.IndexOf((byte)'-');
                int space = line.IndexOf((byte)' ');
                _start = ParseHex(line[..dash]);
                _end = ParseHex(line[(dash + 1)..space]);
                _isCode = line[(space + 1)..].StartsWith("r-xp "u8) && line.Contains((byte)'/');
                _isUnwritten = false;
            }
            else if (line.StartsWith("Anonymous:"u8))
            {
                // Where something was written, as by a profiler, the file would bring back what was there before.
                _isUnwritten = IsNone(line);
            }
            else if (line.StartsWith("Swap:"u8) && _isCode && _isUnwritten && IsNone(line))
            {
                _ = LibCMemory.Advise((byte*)_start, _end - _start, LibCMemory.NotNeeded);
            }
        }

        private static bool IsNone(ReadOnlySpan<byte> line) => line.EndsWith(" 0 kB"u8);

        // Upper case begins the lines that follow.
        private static bool IsHex(byte digit) => digit is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');

        // Written out: the general parser would load the culture's data.
        private static nint ParseHex(ReadOnlySpan<byte> digits)
        {
            nint value = 0;
            foreach (byte digit in digits) value = (value << 4) | (nint)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
            return value;
        }
    }
}
