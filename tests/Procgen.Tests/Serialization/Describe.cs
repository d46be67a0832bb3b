using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Procgen.Tests.Serialization;

/// <summary>A value as text, with everything public in it and with its shared references: equal texts, equal values.</summary>
internal static class Describe
{
    public static string It(object? value)
    {
        StringBuilder text = new();
        Append(text, value, new Dictionary<object, int>(ReferenceEqualityComparer.Instance));
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, Dictionary<object, int> seen)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                return;
            case string or Uri or Version or CultureInfo or TimeZoneInfo or StringBuilder:
                text.Append(value.GetType().Name).Append('"').Append(value).Append('"');
                return;
            case DateTime time:
                text.Append(time.Ticks).Append(time.Kind);
                return;
            case double number:
                text.Append(BitConverter.DoubleToInt64Bits(number));
                return;
            case float number:
                text.Append(BitConverter.SingleToInt32Bits(number));
                return;
            case IFormattable when value.GetType().IsValueType:
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                return;
            case bool:
                text.Append(value);
                return;
        }

        Type type = value.GetType();
        if (!type.IsValueType)
        {
            if (seen.TryGetValue(value, out int number))
            {
                text.Append('#').Append(number);
                return;
            }

            seen.Add(value, seen.Count);
        }

        if (value is IEnumerable items) AppendItems(text, value, items, seen);
        else if (type.IsGenericType && type.Name.Contains("Memory`1", StringComparison.Ordinal)) Append(text, type.GetMethod("ToArray")!.Invoke(value, null), seen);
        else if (type.IsGenericType && type.Name == "ReadOnlySequence`1") AppendSequence(text, (System.Buffers.ReadOnlySequence<byte>)value, seen);
        else if (type.IsGenericType && type.Name == "PriorityQueue`2") Append(text, type.GetProperty("UnorderedItems")!.GetValue(value), seen);
        else if (RuntimeHelpers.Equals(type, typeof(Fx))) text.Append(Convert.ToHexString(Payload.Encode((Fx)value)));
        else AppendMembers(text, value, type, seen);
    }

    private static void AppendItems(StringBuilder text, object value, IEnumerable items, Dictionary<object, int> seen)
    {
        if (value is Array array) text.Append(string.Join('x', Enumerable.Range(0, array.Rank).Select(array.GetLength)));
        if (value.GetType().GetProperty("Key") is { } key) Append(text, key.GetValue(value), seen);
        if (value.GetType() is { Name: "ImmutableArray`1" } immutable && (bool)immutable.GetProperty("IsDefault")!.GetValue(value)!)
        {
            text.Append("default");
            return;
        }

        if (value.GetType() is { Name: "ArraySegment`1" } segment && segment.GetProperty("Array")!.GetValue(value) is null)
        {
            text.Append("[]");
            return;
        }

        text.Append('[');
        foreach (object? item in items)
        {
            Append(text, item, seen);
            text.Append(',');
        }

        text.Append(']');
    }

    private static void AppendSequence(StringBuilder text, in System.Buffers.ReadOnlySequence<byte> value, Dictionary<object, int> seen) =>
        Append(text, System.Buffers.BuffersExtensions.ToArray(value), seen);

    private static void AppendMembers(StringBuilder text, object value, Type type, Dictionary<object, int> seen)
    {
        text.Append(type.Name).Append('{');
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            text.Append(field.Name).Append('=');
            Append(text, field.GetValue(value), seen);
            text.Append(';');
        }

        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetCustomAttribute<ProcessIgnoreAttribute>() is not null) continue;
            text.Append(property.Name).Append('=');
            Append(text, property.GetValue(value), seen);
            text.Append(';');
        }

        text.Append('}');
    }
}
