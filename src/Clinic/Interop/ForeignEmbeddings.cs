using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Interop;

/// <summary>Puts another program's embeddings and output bias into a model, in the order of our ids.</summary>
internal static class ForeignEmbeddings
{
    /// <summary>
    /// Rows <c>[rows, dim]</c> to <c>[vocabulary, dim]</c>; an id without a row gets zeros: no text has it, or the bias
    /// rules it out.
    /// </summary>
    public static Tensor Reordered(Tensor matrix, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var result = zeros(rows.Count, matrix.shape[1]);
        var ids = Ids(rows);
        result.index_copy_(0, tensor(ids), matrix.index_select(0, tensor(RowsOf(ids, rows))));
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A bias <c>[rows]</c> to <c>[vocabulary]</c>; an id without a row, and padding, is ruled out.
    /// </summary>
    public static Tensor Bias(Tensor bias, IReadOnlyList<int> rows, int padding)
    {
        using var scope = NewDisposeScope();
        var result = full(rows.Count, HeldScalars.MinusInfinity, ScalarType.Float32);
        var ids = Ids(rows);
        result.index_copy_(0, tensor(ids), bias.index_select(0, tensor(RowsOf(ids, rows))));
        result[padding].fill_(HeldScalars.MinusInfinity);
        return result.MoveToOuterDisposeScope();
    }

    private static long[] Ids(IReadOnlyList<int> rows) =>
        [.. Enumerable.Range(0, rows.Count).Where(id => rows[id] >= 0).Select(id => (long)id)];

    private static long[] RowsOf(long[] ids, IReadOnlyList<int> rows) => [.. ids.Select(id => (long)rows[(int)id])];
}
