using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Managers;

/// <summary>
/// A client on another machine, as far as the network goes: a process in a network namespace of its own, joined to this one
/// by a pair of virtual interfaces. Needs root and <c>ip</c>; elsewhere these tests say that they were skipped.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
public sealed class NetworkNamespaceTests
{
    private const string Here = "10.213.77.1";
    private const string There = "10.213.77.2";
    private static readonly byte[] Key = "the key of these tests"u8.ToArray();
    private readonly string _name = $"pg{Environment.ProcessId}";

    [OneTimeSetUp]
    public void MakeNamespace()
    {
        string said = Shell.Run(
            $"exec 2>&1; set -e; ip netns add {_name}; ip link add {_name}a type veth peer name {_name}b netns {_name}; "
            + $"ip addr add {Here}/24 dev {_name}a; ip link set {_name}a up; "
            + $"ip -n {_name} addr add {There}/24 dev {_name}b; ip -n {_name} link set {_name}b up; echo made");
        if (!said.EndsWith("made\n", StringComparison.Ordinal)) Assert.Ignore($"No network namespace can be made here: {said.Trim()}");
    }

    [OneTimeTearDown]
    public void RemoveNamespace() => Shell.Run($"ip link del {_name}a 2>/dev/null; ip netns del {_name} 2>/dev/null");

    [Test]
    public async Task A_client_there_uses_a_list_a_dictionary_a_lock_a_queue_and_a_custom_object_over_TLS()
    {
        using X509Certificate2 certificate = Certificates.New("manager.test");
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions
        {
            EndPoint = new IPEndPoint(IPAddress.Parse(Here), 0),
            AuthKey = Key,
            Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate },
        });
        ProcessCall<string> use = RemoteJobsTargets.UseEverythingFrom(_name, Here, ((IPEndPoint)manager.Address).Port, Key, certificate.RawData);

        Assert.That(await RemoteScenario.PlayAsync(manager, use), Is.EqualTo($"{There}: 1,2,3"));
    }
}
