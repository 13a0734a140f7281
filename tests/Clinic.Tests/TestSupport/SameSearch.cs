using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>A search by our own kernels next to one by libtorch's operators.</summary>
internal static class SameSearch
{
    private const int End = Vocabulary.EndOfSentence;

    /// <summary>Both find the same tokens with the same scores.</summary>
    /// <param name="model">The model.</param>
    /// <param name="packed">Whether our kernels can compute it.</param>
    public static void AssertOf(Transformer model, bool packed = true)
    {
        int[][] sources =
        [
            [4, 5, 6, End],
            [10, 9, 8, 7, End],
            [7, End],
        ];
        var options = new DecodingOptions { Beam = 3, MaxLengthB = 12 };

        var expected = BeamSearch.Plain(model, options).Search(sources, TestContext.Current.CancellationToken);
        var found = new BeamSearch(model, options).Search(sources, TestContext.Current.CancellationToken);

        Assert.Equal(packed, PackedTransformer.Serves(model));
        foreach (var (plain, other) in expected.SelectMany(all => all).Zip(found.SelectMany(all => all)))
        {
            Assert.Equal(plain.Tokens, other.Tokens);
            Assert.Equal(plain.Score, other.Score, 1e-4);
        }
    }
}
