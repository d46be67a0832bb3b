namespace Procgen;

[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class ProcessTargetAttribute : Attribute
{
    public Type[] Throws { get; set; } = [];
}

// a stream is no call: RunAsync, Map, ChildProcess, Initializer, Barrier would swallow its items
public abstract class ProcessCall { public string TargetName => throw null!; public Task InvokeAsync(CancellationToken cancellationToken = default) => throw null!; }
public abstract class ProcessCall<TResult> : ProcessCall { public new Task<TResult> InvokeAsync(CancellationToken cancellationToken = default) => throw null!; }
public abstract class ProcessStream<TItem> { public string TargetName => throw null!; }

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class ProcessUnionAttribute(ushort tag, Type type) : Attribute { public ushort Tag => tag; public Type Type => type; }
[AttributeUsage(AttributeTargets.Class)] public sealed class PreserveReferencesAttribute : Attribute { }
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Parameter)] public sealed class ProcessCodecAttribute(Type codec) : Attribute { public Type Codec => codec; }
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)] public sealed class ProcessIgnoreAttribute : Attribute { }
