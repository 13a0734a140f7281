using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

/// <summary>Products that several threads compute have the bits of one thread's.</summary>
public sealed unsafe class ProductHelpersTests
{
    private const int Inputs = 500;
    private const int Outputs = 300; // the last panel is not whole
    private const int MostRows = 66;

    private readonly AlignedMemory<float> _weight = Numbers(Inputs * Outputs, seed: 1);
    private readonly AlignedMemory<float> _bias = Numbers(Outputs, seed: 2);
    private readonly AlignedMemory<float> _x = Numbers(MostRows * Inputs, seed: 3);

    public static TheoryData<string, int> Cases =>
        new(
            from kind in new[] { "fp32", "bf16", "int8", "int16" }
            from rows in new[] { 1, 2, 5, 7, MostRows }
            select (kind, rows)
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_shared_product_has_the_bits_of_one_that_is_not(string kind, int rows)
    {
        var matrix = Matrix(kind);
        var expected = Product(matrix, rows);
        using var helpers = new ProductHelpers(4);

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(expected, helpers.While(() => Product(matrix, rows)));
        }
    }

    [Fact]
    public void Several_who_translate_share_the_helpers_and_get_their_own_products()
    {
        var matrix = Matrix("fp32");
        float[][] expected = [.. Enumerable.Range(1, 3).Select(rows => Product(matrix, rows))];
        using var helpers = new ProductHelpers(4);
        var wrong = 0;
        Thread[] threads =
        [
            .. expected.Select(
                (own, i) =>
                    new Thread(() =>
                    {
                        for (var turn = 0; turn < 500; turn++)
                        {
                            if (!own.SequenceEqual(helpers.While(() => Product(matrix, i + 1))))
                            {
                                Interlocked.Increment(ref wrong);
                            }
                        }
                    })
            ),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Only_threads_that_translate_nothing_help()
    {
        using var helpers = new ProductHelpers(2);
        Assert.True(helpers.While(() => SharesInTheEnd(helpers)));
        Assert.True(helpers.While(() => helpers.While(() => SharesInTheEnd(helpers)))); // one thread is one

        using var translating = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var other = new Thread(() =>
            helpers.While(() =>
            {
                translating.Set();
                return end.Wait(TimeSpan.FromMinutes(1));
            })
        );
        other.Start();
        translating.Wait(TestContext.Current.CancellationToken);
        Assert.False(helpers.While(() => Shares(helpers)));

        end.Set();
        other.Join();
        Assert.True(helpers.While(() => SharesInTheEnd(helpers)));
    }

    [Fact]
    public void Of_one_thread_nothing_is_shared()
    {
        using var helpers = new ProductHelpers(1);
        Assert.False(helpers.While(() => Shares(helpers)));
        Assert.Null(ProductHelpers.OfThisThread);
        helpers.While(() =>
        {
            Assert.Same(helpers, ProductHelpers.OfThisThread);
            return 0;
        });
        Assert.Null(ProductHelpers.OfThisThread);
    }

    /// <summary>While the processor of a helper is taken by others, nothing is shared for a time.</summary>
    private bool SharesInTheEnd(ProductHelpers helpers) =>
        SpinWait.SpinUntil(() => Shares(helpers), TimeSpan.FromMinutes(1));

    private bool Shares(ProductHelpers helpers)
    {
        var y = new AlignedMemory<float>(Outputs);
        return helpers.Share(Matrix("fp32"), _x.Start, 1, y.Start);
    }

    private float[] Product(PackedMatrix matrix, int rows)
    {
        var y = new float[rows * Outputs];
        fixed (float* to = y)
        {
            matrix.Multiply(_x.Start, rows, to);
        }

        return y;
    }

    private PackedMatrix Matrix(string kind) =>
        kind switch
        {
            "fp32" => new FloatMatrix<float, Float32>(_weight.Start, _bias.Start, Inputs, Outputs),
            "bf16" => new FloatMatrix<ushort, Bfloat16>(_weight.Start, _bias.Start, Inputs, Outputs),
            "int8" => new ByteMatrix(_weight.Start, _bias.Start, Inputs, Outputs),
            _ => new IntegerMatrix<short, Integers16>(
                _weight.Start,
                _bias.Start,
                Inputs,
                Outputs,
                greatestWeight: null
            ),
        };

    private static AlignedMemory<float> Numbers(int count, int seed)
    {
        var random = new Random(seed);
        var numbers = new AlignedMemory<float>(count);
        for (var i = 0; i < count; i++)
        {
            numbers.Start[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return numbers;
    }
}
