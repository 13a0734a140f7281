using TransformerClinic.Text;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of subword models: what it accepts must spell every text so that nothing is lost, and be the same once it
/// is saved.
/// </summary>
internal sealed class SubwordsTarget() : FileTarget("subwords", "subwords.json")
{
    private static readonly string[] Texts =
    [
        "",
        "abc cab bca",
        "Öl  für 5 %",
        "\t\u2028x\u0000\U0001F600",
        "a\u0308<0x41>",
    ];

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        (
            """{"format":"transformer-clinic-bpe-1","normalization":"nfc","characters":["a","b","c","\u2581"]"""u8
            + ""","merges":[["a","b"],["ab","c"],["c","ab"]]}"""u8
        ).ToArray(),
        (
            """{ "format": "transformer-clinic-bpe-1", "normalization": "nfkc", "characters": [],"""u8
            + """ "merges": [] }"""u8
        ).ToArray(),
    ];

    protected override string Read(string path, byte[] input)
    {
        var model = (BytePairModel)SubwordModel.Load(path);
        var copy = Path.Combine(Folder, "copy.json");
        model.Save(copy);
        var again = SubwordModel.Load(copy);
        foreach (var text in Texts)
        {
            var ids = model.Encode(text);
            Require(model.Decode(ids) == model.Normalize(text), "a text is lost");
            Require(ids.SequenceEqual(again.Encode(text)), "the model saved spells otherwise");
        }

        return $"{model.Normalization}{(model.Vocabulary.Count > 300 ? ", large" : "")}";
    }
}
