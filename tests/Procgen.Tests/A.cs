namespace Procgen.Tests;
public class A { [NUnit.Framework.Test] public void Works() => NUnit.Framework.Assert.That(1, NUnit.Framework.Is.EqualTo(1)); }
