using System.Security.Cryptography;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Distribution;

namespace TransformerClinic.Training.Distributed;

/// <summary>Finds out whether processes that are to train one model together mean the same one.</summary>
internal static class Strangers
{
    private const int Shown = 4;

    /// <summary>Compares what must be equal in all processes.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="facts">What is compared, as in "other training data", with this process's own.</param>
    /// <exception cref="UserErrorException">A process has something else than the first one.</exception>
    public static void Refuse(ProcessGroup group, params IReadOnlyList<(string Other, string Own)> facts)
    {
        if (group.Count == 1)
        {
            return;
        }

        var mine = facts.SelectMany(fact => SHA256.HashData(Encoding.UTF8.GetBytes(fact.Own))).ToArray();
        var hashes = group.Gather<byte>(mine).Chunk(SHA256.HashSizeInBytes).ToArray();
        foreach (var (i, (other, _)) in facts.Index())
        {
            for (var rank = 1; rank < group.Count; rank++)
            {
                var (its, first) = (hashes[(rank * facts.Count) + i], hashes[i]);
                if (!its.AsSpan().SequenceEqual(first))
                {
                    throw new UserErrorException(
                        $"rank {rank} on {group.Hosts[rank]} has {other} ({Short(its)}..., rank 0 has "
                            + $"{Short(first)}...). All processes must be given the same."
                    );
                }
            }
        }
    }

    /// <summary>What each process has, by rank.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="own">This process's own; no more than the first 200 bytes are told.</param>
    public static IReadOnlyList<string> Tell(ProcessGroup group, string own)
    {
        const int Longest = 200;
        var mine = new byte[Longest];
        Encoding.UTF8.GetEncoder().Convert(own, mine, flush: true, out _, out _, out _);
        return
        [
            .. group.Gather<byte>(mine).Chunk(Longest).Select(bytes => Encoding.UTF8.GetString(bytes).TrimEnd('\0')),
        ];
    }

    private static string Short(byte[] hash) => Convert.ToHexStringLower(hash)[..Shown];
}
