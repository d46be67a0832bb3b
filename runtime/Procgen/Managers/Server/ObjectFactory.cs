using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>Makes what a client asks for: one of a closed list of kinds.</summary>
internal sealed class ObjectFactory(ObjectTable table, ObjectDisposal disposal)
{
    public ServerObject Create(ManagerOp op, ref PayloadReader request)
    {
        switch (op)
        {
            case ManagerOp.CreateList or ManagerOp.CreateArray:
                var list = new ListObject(table, isFixedSize: op == ManagerOp.CreateArray);
                list.Fill(StoredValue.ReadMany(ref request));
                return list;
            case ManagerOp.CreateDictionary or ManagerOp.CreateNamespace:
                var dictionary = new DictionaryObject(table);
                dictionary.Fill(StoredValue.ReadMany(ref request), StoredValue.ReadMany(ref request));
                return dictionary;
            case ManagerOp.CreateValue:
                var cell = new CellObject(table);
                cell.Set(StoredValue.Read(ref request));
                return cell;
            case ManagerOp.CreateCustom:
                return CustomObject.Create(ref request, disposal);
            case ManagerOp.CreateLock:
                return new LockObject();
            case ManagerOp.CreateSemaphore:
                return new SemaphoreObject(request.ReadMemory<int>(), request.ReadMemory<int>());
            case ManagerOp.CreateEvent:
                return new EventObject();
            case ManagerOp.CreateCondition:
                return new ConditionObject();
            case ManagerOp.CreateBarrier:
                return new BarrierObject(request.ReadMemory<int>());
            case ManagerOp.CreateQueue:
                return new QueueObject(table, request.ReadMemory<int>());
            default:
                throw new NotSupportedException($"The server makes no object by operation {op}: client and server are of different builds.");
        }
    }
}
