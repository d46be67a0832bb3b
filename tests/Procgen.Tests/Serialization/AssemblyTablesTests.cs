using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using NUnit.Framework;
using Procgen.Serialization;

namespace Procgen.Tests.Serialization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AssemblyTablesTests
{
    private AssemblyTables<Func<int>> _tables = new();

    [Test]
    public void What_was_added_is_there_in_that_order()
    {
        Assert.That(_tables.All.ToArray(), Is.Empty);
        _tables.Add(typeof(First), static () => 1);
        _tables.Add(typeof(Second), static () => 2);
        Assert.That(Answers(), Is.EqualTo([1, 2]));
        Assert.That(_tables.All[1].ModuleVersionId, Is.EqualTo(typeof(Second).Module.ModuleVersionId));
    }

    [Test]
    public void What_is_added_again_changes_nothing()
    {
        _tables.Add(typeof(First), static () => 1);
        _tables.Add(typeof(Second), static () => 2);
        _tables.Add(typeof(First), static () => 3);
        Assert.That(Answers(), Is.EqualTo([1, 2]));
    }

    [Test]
    public void An_assembly_that_is_loaded_again_is_the_same_one_unless_its_types_are_meant([Values] bool ofTypes)
    {
        _tables = new AssemblyTables<Func<int>>(ofTypes);
        var again = new AssemblyLoadContext(nameof(AssemblyTablesTests), isCollectible: true);
        try
        {
            Type first = again.LoadFromAssemblyPath(typeof(First).Assembly.Location).GetType(typeof(First).FullName!, throwOnError: true)!;
            Assert.That(first, Is.Not.EqualTo(typeof(First)));
            _tables.Add(typeof(First), static () => 1);
            _tables.Add(first, static () => 2);
            Assert.That(Answers(), Is.EqualTo(ofTypes ? [1, 2] : new[] { 1 }));
        }
        finally
        {
            again.Unload();
        }
    }

    [Test]
    public void Classes_of_one_name_in_two_assemblies_are_two()
    {
        for (int i = 0; i < 3; i++)
        {
            int answer = i;
            ModuleBuilder module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Same"), AssemblyBuilderAccess.Run).DefineDynamicModule("Same");
            _tables.Add(module.DefineType("Registration").CreateType(), () => answer);
        }

        Assert.That(Answers(), Is.EqualTo([0, 1, 2]));
    }

    [Test]
    public void Many_threads_that_add_lose_nothing()
    {
        Type[] types = [.. typeof(AssemblyTables<>).Assembly.GetTypes().Take(500)];
        Parallel.For(0, types.Length * 2, i => _tables.Add(types[i % types.Length], () => i % types.Length));
        Assert.That(Answers(), Is.EquivalentTo(Enumerable.Range(0, types.Length)));
    }

    private int[] Answers()
    {
        List<int> answers = [];
        foreach (AssemblyTable<Func<int>> table in _tables.All) answers.Add(table.Lookup());
        return [.. answers];
    }

    private static class First;

    private static class Second;
}
