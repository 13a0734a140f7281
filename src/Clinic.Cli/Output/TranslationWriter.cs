using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>What is written of each translation.</summary>
/// <param name="Nbest">How many, with line and rank before each; null for only the best.</param>
/// <param name="Scores">Whether its score and those of its subwords follow.</param>
/// <param name="Align">Whether its word alignment follows.</param>
/// <param name="Json">Whether everything is one JSON array instead of columns.</param>
internal sealed record TranslationColumns(int? Nbest, bool Scores, bool Align, bool Json);

/// <summary>Translations as lines of columns separated by tabs, or as one JSON array, written as soon as they are
/// finished.</summary>
internal sealed class TranslationWriter(TextWriter output, SubwordModel subwords, TranslationColumns columns)
{
    private bool _any;

    private sealed record Alternative(
        string Translation,
        double Score,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Piece>? Subwords,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Alignment,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float[][]? Attention
    );

    private sealed record Piece(string Text, float LogProbability);

    private sealed record Line(
        string Source,
        string Translation,
        double Score,
        string? Problem,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Alternative>? Alternatives
    );

    /// <summary>Writes the result for a line.</summary>
    /// <param name="number">The line's number, from 1.</param>
    /// <param name="source">The line.</param>
    /// <param name="translation">Its translation.</param>
    public void Write(long number, string source, Translation translation)
    {
        if (columns.Json)
        {
            output.Write(_any ? ",\n  " : "[\n  ");
            var whole = Json.Text(Whole(source, translation)).TrimEnd();
            output.Write(whole.Replace("\n", "\n  ", StringComparison.Ordinal));
        }
        else if (translation.Hypotheses.Count == 0)
        {
            output.Write(Row(number, 1, "", null, translation));
        }
        else
        {
            foreach (var (rank, hypothesis) in Wanted(translation).Index())
            {
                output.Write(Row(number, rank + 1, subwords.Decode(hypothesis.Tokens), hypothesis, translation));
            }
        }

        _any = true;
    }

    /// <summary>Ends the array.</summary>
    public void End()
    {
        if (columns.Json)
        {
            output.Write(_any ? "\n]\n" : "[]\n");
        }
    }

    private string Row(long number, int rank, string text, Hypothesis? hypothesis, Translation translation)
    {
        List<string> cells = columns.Nbest is null ? [text] : [Invariant(number), Invariant(rank), text];
        if (columns.Scores)
        {
            cells.Add(hypothesis is null ? "" : Digits(hypothesis.Score));
            cells.Add(string.Join(' ', hypothesis?.TokenLogProbabilities.Select(value => Digits(value)) ?? []));
        }

        if (columns.Align)
        {
            cells.Add(hypothesis is null ? "" : Alignment(hypothesis, translation));
        }

        return TabSeparated.Row(cells);
    }

    private Line Whole(string source, Translation translation) =>
        new(source, translation.Text, translation.Score, translation.Problem, Alternatives(translation));

    private List<Alternative>? Alternatives(Translation translation) =>
        columns is { Nbest: null, Scores: false, Align: false }
            ? null
            : [.. Wanted(translation).Select(hypothesis => Whole(hypothesis, translation))];

    private IEnumerable<Hypothesis> Wanted(Translation translation) => translation.Hypotheses.Take(columns.Nbest ?? 1);

    private Alternative Whole(Hypothesis hypothesis, Translation translation) =>
        new(
            subwords.Decode(hypothesis.Tokens),
            hypothesis.Score,
            columns.Scores ? Pieces(hypothesis) : null,
            columns.Align ? Alignment(hypothesis, translation) : null,
            columns.Align ? hypothesis.Attention : null
        );

    private List<Piece> Pieces(Hypothesis hypothesis) =>
        [
            .. hypothesis.Tokens.Zip(
                hypothesis.TokenLogProbabilities,
                (id, value) => new Piece(subwords.Vocabulary[id], value)
            ),
        ];

    private string Alignment(Hypothesis hypothesis, Translation translation) =>
        AttentionAlignment.Text(AttentionAlignment.Of(subwords, translation.Source, hypothesis));

    private static string Digits(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
