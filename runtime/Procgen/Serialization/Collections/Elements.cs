using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>The elements of a collection, one by one, with their index in the path of what goes wrong.</summary>
internal static class Elements
{
    public static void Write<T>(ref PayloadWriter writer, Codec<T> element, ReadOnlySpan<T> items)
    {
        writer.WriteMemory(items.Length);
        int index = 0;
        try
        {
            for (; index < items.Length; index++) element.Write(ref writer, items[index]);
        }
        catch (ProcessSerializationException error) when (MemberPath.Note(error, index))
        {
            throw;
        }
    }

    public static void Read<T>(ref PayloadReader reader, Codec<T> element, int elementSize, Span<T> items)
    {
        int index = 0;
        try
        {
            for (; index < items.Length; index++)
            {
                reader.NextElement(elementSize);
                items[index] = element.Read(ref reader);
            }
        }
        catch (ProcessSerializationException error) when (MemberPath.Note(error, index))
        {
            throw;
        }
    }
}
