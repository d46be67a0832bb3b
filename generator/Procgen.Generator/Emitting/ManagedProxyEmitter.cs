using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Emitting;

/// <summary>A managed class's proxy: its members, each of which sends a call, and the calls themselves.</summary>
internal static class ManagedProxyEmitter
{
    private const string Services = StubEmitter.Services;
    private const string Tasks = "global::System.Threading.Tasks.";
    private const string Token = "global::System.Threading.CancellationToken";

    public static SourceText Emit(ManagedClassModel model)
    {
        ManagedNames names = new(model);
        CodeWriter code = CodeWriter.File();
        if (model.Proxy.Namespace.Length != 0) code.Line($"namespace {model.Proxy.Namespace};\n");
        code.Line($"/// <summary>Stands in this process for a <see cref=\"{StubEmitter.Xml(model.DocumentationId)}\"/> in a manager's server.</summary>");
        if (model.Obsolete is { } obsolete) code.Line($"[{obsolete}]");
        code.Line(StubEmitter.GeneratedCode);
        using (code.Block($"{Access(model.IsPublic)} sealed class {model.Proxy.Name} : {Services}ManagedObjectProxy, {Services}IProcessHandle<{model.Proxy.Name}>"))
        {
            using (code.Block($"private {model.Proxy.Name}({Services}ManagedReference reference) : base(reference)"))
            {
            }

            foreach (ManagedMethodModel constructor in model.Constructors) EmitCreation(code, model, names, constructor);
            foreach (ManagedMemberModel member in model.Members) EmitMember(code, names, member);
            EmitHandle(code, model, names);
            code.Line();
            ManagedCallsEmitter.Emit(code, model, names);
        }

        code.Line();
        EmitExtensions(code, model, names);
        return code.ToSourceText();
    }

    /// <summary>Where the class's closed table is found.</summary>
    public static IdCase Lookup(ManagedClassModel model) => new(model.Id, $"global::{model.Proxy.FullName}.{new ManagedNames(model).GetObjectType}()");

    /// <summary>The proxy's codec, of which no file is emitted.</summary>
    public static CodecRegistration Codec(ManagedClassModel model) =>
        new(model.Proxy.Name, $"global::{model.Proxy.FullName}", $"{Services}HandleCodec<global::{model.Proxy.FullName}>.Instance");

    private static void EmitMember(CodeWriter code, ManagedNames names, ManagedMemberModel member)
    {
        switch (member)
        {
            case ManagedMethodModel method:
                foreach (ManagedForm form in names.Forms.Where(form => ReferenceEquals(form.Method, method))) EmitMethod(code, names, form);
                break;
            case ManagedPropertyModel property:
                EmitProperty(code, names, property);
                break;
            case ManagedEventModel raised:
                Head(code, raised, $"Each time that <see cref=\"{StubEmitter.Xml(raised.DocumentationId)}\"/> is raised, from the start of an enumeration on.");
                code.Line($"public global::System.Collections.Generic.IAsyncEnumerable<{raised.TypeName}> {raised.Name} => StreamMember(new {names.Call(raised)}());");
                break;
        }
    }

    private static void EmitMethod(CodeWriter code, ManagedNames names, ManagedForm form)
    {
        ManagedMethodModel method = form.Method;
        bool isStream = method.Return.Kind == ReturnKind.AsyncSequence;
        bool takesToken = form.ReturnsTask || method.TakesToken;
        string token = TokenName(method);
        string arguments = string.Join(", ", Passed(method));
        string call = $"new {names.Call(method)}({arguments}){(takesToken ? ", " + token : "")}";
        bool isValueTask = form.IsDeclared && method.Return.Kind is ReturnKind.ValueTask or ReturnKind.ValueTaskOfResult;
        string result = (form.ReturnsTask, method.Return.TypeName) switch
        {
            _ when isStream => $"global::System.Collections.Generic.IAsyncEnumerable<{method.Return.TypeName}>",
            (true, null) => Tasks + (isValueTask && form.ReturnsTask ? "ValueTask" : "Task"),
            (true, { } type) => $"{Tasks}{(isValueTask && form.ReturnsTask ? "ValueTask" : "Task")}<{type}>",
            (false, null) => "void",
            (false, { } type) => type,
        };
        string sent = isStream ? $"StreamMember({call})" : form.ReturnsTask ? $"CallMemberAsync({call})" : $"CallMember({call})";
        Head(code, method, $"Calls <see cref=\"{StubEmitter.Xml(method.DocumentationId)}\"/> in the server.");
        code.Line($"public {result} {form.Name}({Parameters(method, takesToken)}) => {(isValueTask && form.ReturnsTask ? $"new({sent})" : sent)};");
    }

    private static void EmitProperty(CodeWriter code, ManagedNames names, ManagedPropertyModel property)
    {
        string given = Given(property.Parameters, isLast: true);
        string[] passed = [.. property.Parameters.Select(static parameter => parameter.Name)];
        string get = $"new {names.Getter(property)}({string.Join(", ", passed)})";
        string set = $"new {names.Setter(property)}({string.Join(", ", passed.Append("value"))})";
        string summary = $"<see cref=\"{StubEmitter.Xml(property.DocumentationId)}\"/> of the object in the server.";
        Head(code, property, summary);
        if (property.IsIndexer && names.Indexer != ManagedNames.DefaultIndexer) code.Line($"[global::System.Runtime.CompilerServices.IndexerName({Literals.Of(names.Indexer)})]");
        using (code.Block($"public {property.TypeName} {(property.IsIndexer ? $"this[{given}]" : property.Name)}"))
        {
            if (property.Getter is { } getter) code.Line($"{Attribute(getter)}get => CallMember({get});");
            if (property.Setter is { } setter) code.Line($"{Attribute(setter)}set => CallMember({set});");
        }

        string tokenName = CallNames.Free("cancellationToken", passed);
        string token = $"{Token} {tokenName} = default";
        if (property.Getter is { } read && names.IsFree("Get" + PropertyName(property) + "Async"))
        {
            Head(code, property, summary, accessor: read);
            code.Line($"public {Tasks}Task<{property.TypeName}> Get{PropertyName(property)}Async({Join(Given(property.Parameters, isLast: false), token)}) => CallMemberAsync({get}, {tokenName});");
        }

        if (property.Setter is { } written && names.IsFree("Set" + PropertyName(property) + "Async"))
        {
            // The value follows what may be left out.
            string value = Join(Bare(property.Parameters), property.TypeName + " value");
            Head(code, property, summary, accessor: written);
            code.Line($"public {Tasks}Task Set{PropertyName(property)}Async({Join(value, token)}) => CallMemberAsync({set}, {tokenName});");
        }
    }

    private static void EmitCreation(CodeWriter code, ManagedClassModel model, ManagedNames names, ManagedMethodModel constructor)
    {
        (string manager, string token, string arguments) = CreationNames(constructor);
        string access = Access(model.IsPublic && constructor.IsPublic);
        string creation = $"new {names.Call(constructor)}({arguments})";
        string summary = $"Makes an object by <see cref=\"{StubEmitter.Xml(constructor.DocumentationId)}\"/> in the manager's server.";
        Head(code, constructor, summary);
        code.Line($"{access} static {model.Proxy.Name} {names.Create}(global::Procgen.ProcessManager {Join(manager, Parameters(constructor, takesToken: false))}) => new(MakeObject({manager}, {creation}));");
        Head(code, constructor, summary);
        code.Line($"{access} static async {Tasks}Task<{model.Proxy.Name}> {names.CreateAsync}(global::Procgen.ProcessManager {Join(manager, Parameters(constructor, takesToken: true))}) =>");
        using (code.Indent()) code.Line($"new(await MakeObjectAsync({manager}, {creation}, {token}).ConfigureAwait(false));");
    }

    private static void EmitHandle(CodeWriter code, ManagedClassModel model, ManagedNames names)
    {
        string handle = $"{Services}IProcessHandle<{model.Proxy.Name}>";
        code.Line();
        code.Line($"void {handle}.WriteHandle(ref {Services}PayloadWriter writer) => WriteReference(ref writer);");
        code.Line();
        code.Line($"static {model.Proxy.Name} {handle}.ReadHandle(ref {Services}PayloadReader reader) => new(ReadReference(ref reader));");
        code.Line();
        code.Line($"internal static {Services}ManagedType {names.GetObjectType}() => {names.Calls}.ObjectType;");
    }

    private static void EmitExtensions(CodeWriter code, ManagedClassModel model, ManagedNames names)
    {
        code.Line($"/// <summary>Makes <see cref=\"{StubEmitter.Xml(model.DocumentationId)}\"/> objects in a manager's server.</summary>");
        if (model.Obsolete is { } obsolete) code.Line($"[{obsolete}]");
        code.Line(StubEmitter.GeneratedCode);
        using (code.Block($"{Access(model.IsPublic)} static class {model.Extensions}"))
        {
            bool isFirst = true;
            foreach (ManagedMethodModel constructor in model.Constructors)
            {
                (string manager, string token, string arguments) = CreationNames(constructor);
                string access = Access(model.IsPublic && constructor.IsPublic);
                string self = $"this global::Procgen.ProcessManager {manager}";
                foreach (bool isAsync in new[] { false, true })
                {
                    string result = isAsync ? $"{Tasks}Task<{model.Proxy.Name}>" : model.Proxy.Name;
                    string passed = isAsync ? Join(arguments, token) : arguments;
                    Head(code, constructor, $"Makes an object by <see cref=\"{StubEmitter.Xml(constructor.DocumentationId)}\"/> in the manager's server.", isFirst);
                    isFirst = false;
                    code.Line($"{access} static {result} Create{model.ShortName}{(isAsync ? "Async" : "")}({Join(self, Parameters(constructor, isAsync))}) =>");
                    using (code.Indent()) code.Line($"{model.Proxy.Name}.{(isAsync ? names.CreateAsync : names.Create)}({Join(manager, passed)});");
                }
            }
        }
    }

    private static (string Manager, string Token, string Arguments) CreationNames(ManagedMethodModel constructor) =>
        (CallNames.Free("manager", constructor.Given.Select(static parameter => parameter.Name)), TokenName(constructor), string.Join(", ", Passed(constructor)));

    private static string TokenName(ManagedMethodModel method) =>
        method.Parameters.FirstOrDefault(static parameter => parameter.Kind == ParameterKind.CancellationToken)?.Name
        ?? CallNames.Free("cancellationToken", method.Given.Select(static parameter => parameter.Name));

    private static IEnumerable<string> Passed(ManagedMethodModel method) => method.Given.Select(static parameter => parameter.Name);

    /// <summary>What the caller gives, and a token, which may be left out.</summary>
    private static string Parameters(ManagedMethodModel method, bool takesToken) =>
        takesToken ? Join(Given(method.Given, isLast: false), $"{Token} {TokenName(method)} = default") : Given(method.Given, isLast: true);

    /// <summary>What the caller gives. Where more comes after it nothing can be <c>params</c>, and what is none then cannot follow what may be left out.</summary>
    private static string Given(IEnumerable<ParameterModel> parameters, bool isLast) => isLast || !parameters.Any(static parameter => parameter.IsParams)
        ? string.Join(", ", parameters.Select(static parameter => $"{parameter.Before}{parameter.TypeName} {parameter.Name}{parameter.Default}"))
        : Bare(parameters);

    /// <summary>All of them, none to be left out.</summary>
    private static string Bare(IEnumerable<ParameterModel> parameters) =>
        string.Join(", ", parameters.Select(static parameter => $"{parameter.TypeName} {parameter.Name}"));

    private static string PropertyName(ManagedPropertyModel property) => property.IsIndexer ? ManagedNames.DefaultIndexer : property.Name.TrimStart('@');

    private static void Head(CodeWriter code, ManagedMemberModel member, string summary, bool isFirst = false, ManagedAccessorModel? accessor = null)
    {
        if (!isFirst) code.Line();
        code.Line($"/// <summary>{summary}</summary>");
        if ((member.Obsolete ?? accessor?.Obsolete) is { } obsolete) code.Line($"[{obsolete}]");
    }

    private static string Attribute(ManagedAccessorModel accessor) => accessor.Obsolete is { } obsolete ? $"[{obsolete}] " : "";

    private static string Access(bool isPublic) => isPublic ? "public" : "internal";

    private static string Join(string first, string rest) => first.Length == 0 ? rest : rest.Length == 0 ? first : $"{first}, {rest}";
}
