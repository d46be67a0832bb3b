using NUnit.Framework;

namespace Procgen.Tests.Managers;

/// <summary>Tests that share one manager: one for each class.</summary>
public abstract class ManagerTests
{
    private ProcessManager? _manager;

    protected ProcessManager Manager => _manager!;

    [OneTimeSetUp]
    public void StartManager() => _manager = ProcessManager.Start();

    [OneTimeTearDown]
    public void StopManager() => _manager!.Dispose();
}
