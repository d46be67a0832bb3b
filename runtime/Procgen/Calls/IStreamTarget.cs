using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>A stream's target without its item type, for the worker.</summary>
internal interface IStreamTarget
{
    IWorkItem Read(ref PayloadReader reader);
}
