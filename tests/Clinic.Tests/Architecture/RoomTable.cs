using ArchUnitNET.Domain;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// What each room below a namespace uses. A room is a folder with all below it, those folders excepted that are rooms
/// of the table themselves; <see cref="Top"/> is the namespace's own folder.
/// </summary>
internal sealed class RoomTable(string root, Dictionary<string, string[]> uses)
{
    public const string Top = "(top)";
    private const string TorchSharp = "TorchSharp";

    /// <summary>The rooms in the table's order.</summary>
    public IReadOnlyDictionary<string, string[]> Uses => uses;

    /// <summary>What each room uses of the other rooms according to the compiled code.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Found(IEnumerable<IType> types) =>
        types
            .Select(type => (Room: RoomOf(CompiledCode.NamespaceOf(type)), Type: type))
            .Where(entry => entry.Room is not null and not TorchSharp)
            .GroupBy(entry => entry.Room!, entry => entry.Type)
            .ToDictionary(room => room.Key, room => UsedIn(room.Key, room));

    /// <summary>One use of a room by another, for the message.</summary>
    public string Example(string room, string used) =>
        CompiledCode
            .Types.Where(type => RoomOf(CompiledCode.NamespaceOf(type)) == room)
            .SelectMany(type =>
                CompiledCode
                    .UsedBy(type)
                    .Where(other => RoomOf(CompiledCode.NamespaceOf(other)) == used)
                    .Select(other => $"{type.FullName} -> {other.FullName}")
            )
            .First();

    /// <summary>The room that a namespace belongs to; null where the table says nothing of it.</summary>
    public string? RoomOf(string name)
    {
        if (CompiledCode.IsIn(name, TorchSharp))
        {
            return TorchSharp;
        }

        if (!CompiledCode.IsIn(name, root))
        {
            return null;
        }

        var inner = name[root.Length..].TrimStart('.');
        return uses.Keys.Where(room => CompiledCode.IsIn(inner, room))
                .OrderByDescending(room => room.Length)
                .FirstOrDefault()
            ?? (inner.Length == 0 ? Top : inner.Split('.')[0]);
    }

    private IReadOnlyList<string> UsedIn(string room, IEnumerable<IType> types) =>
        [
            .. types
                .SelectMany(CompiledCode.UsedBy)
                .Select(type => RoomOf(CompiledCode.NamespaceOf(type)))
                .OfType<string>()
                .Distinct()
                .Where(used => used != room)
                .Order(StringComparer.Ordinal),
        ];
}
