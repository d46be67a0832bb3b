using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>
/// Dictionaries by strings, as most are: without a call through the key's codec for every entry, and where the compiler
/// knows of the dictionary what it is.
/// </summary>
internal static class TextKeys
{
    public static void Write<TValue>(ref PayloadWriter writer, Dictionary<string, TValue> dictionary, Codec<TValue> value)
    {
        int index = 0;
        try
        {
            if (IsPlain(value))
            {
                foreach (KeyValuePair<string, TValue> pair in dictionary)
                {
                    writer.WriteEntry(pair.Key, pair.Value);
                    index++;
                }

                return;
            }

            foreach (KeyValuePair<string, TValue> pair in dictionary)
            {
                writer.WriteString(pair.Key);
                value.Write(ref writer, pair.Value);
                index++;
            }
        }
        catch (ProcessSerializationException error) when (MemberPath.Note(error, index))
        {
            throw;
        }
    }

    /// <summary>Whether values are written as their memory, and nothing is to be known of it.</summary>
    private static bool IsPlain<TValue>(Codec<TValue> value) => value.GetType() == typeof(UnmanagedCodec<TValue>);
}
