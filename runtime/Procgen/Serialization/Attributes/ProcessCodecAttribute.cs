using Procgen.CompilerServices;

namespace Procgen;

/// <summary>
/// On a type, or on one parameter: how it crosses is for a class of yours to say. Python's <c>copyreg.pickle</c> and
/// <c>__reduce__</c>.
/// </summary>
/// <param name="codec">
/// A class derived from <see cref="Codec{T}"/> of exactly that type, with an accessible parameterless constructor.
/// </param>
/// <example><code>
/// [ProcessCodec(typeof(TemperatureCodec))]
/// struct Temperature { … }
///
/// class TemperatureCodec : Codec&lt;Temperature&gt;
/// {
///     public override void Write(ref PayloadWriter writer, Temperature value) => writer.WriteUnmanaged(value.Kelvin);
///     public override Temperature Read(ref PayloadReader reader) => Temperature.FromKelvin(reader.ReadUnmanaged&lt;double&gt;());
/// }
/// </code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Parameter, Inherited = false)]
public sealed class ProcessCodecAttribute(Type codec) : Attribute
{
    /// <summary>The class that writes and reads the values.</summary>
    public Type Codec => codec;
}
