using TransformerClinic.Common;

namespace TransformerClinic.Scoring.Bleu;

/// <summary>sacreBLEU's names of tokenizations.</summary>
internal static class BleuTokenizations
{
    private static readonly (string Name, BleuTokenization Tokenization)[] All =
    [
        ("13a", BleuTokenization.Mteval13a),
        ("intl", BleuTokenization.International),
        ("char", BleuTokenization.Character),
        ("none", BleuTokenization.None),
    ];

    /// <summary>A tokenization's name.</summary>
    public static string NameOf(BleuTokenization tokenization) =>
        All.Single(entry => entry.Tokenization == tokenization).Name;

    /// <summary>The tokenization of a name, or null.</summary>
    public static BleuTokenization? Find(string name) =>
        All.Where(entry => entry.Name == name).Select(entry => (BleuTokenization?)entry.Tokenization).FirstOrDefault();

    /// <summary>The tokenization of a name.</summary>
    /// <exception cref="UserErrorException">It is not built in, or there is none with that name.</exception>
    public static BleuTokenization Parse(string name)
    {
        var known = string.Join(", ", All.Select(entry => entry.Name));
        return Find(name)
            ?? throw new UserErrorException(
                name is "zh" or "ja-mecab" or "ko-mecab" or "spm" or "flores101" or "flores200"
                    ? $"The tokenization '{name}' is not built in: it needs its own dictionary or model. Use char, "
                        + $"which separates all characters, or chrF, which needs no tokens. Built in are {known}."
                    : $"There is no tokenization '{name}'. Built in are {known}."
            );
    }
}
