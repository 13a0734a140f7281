using CsCheck;
using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

/// <summary>The kernels against the equation, summed in float64.</summary>
public unsafe class PackedMatrixTests
{
    private static readonly Gen<(int Rows, int Inputs, int Outputs, int Seed)> Shapes = Gen.Select(
        Gen.Int[1, 11],
        Gen.Int[1, 90],
        Gen.Int[1, 150],
        Gen.Int[0, 1000]
    );

    private delegate PackedMatrix Packing(float* weight, float* bias, int inputs, int outputs);

    [Fact]
    public void Float32_products_are_the_equations_within_rounding() =>
        Shapes.Sample(shape =>
        {
            var product = new Product(shape.Rows, shape.Inputs, shape.Outputs, shape.Seed);
            product.AssertNear(
                product.By((w, b, inputs, outputs) => new FloatMatrix<float, Float32>(w, b, inputs, outputs)),
                product.Weights,
                1e-5
            );
        });

    [Fact]
    public void Bfloat16_products_are_those_of_rounded_weights() =>
        Shapes.Sample(shape =>
        {
            var product = new Product(shape.Rows, shape.Inputs, shape.Outputs, shape.Seed);
            var rounded = Array.ConvertAll(
                product.Weights,
                weight => (float)BitConverter.UInt32BitsToSingle(Upper(BitConverter.SingleToUInt32Bits(weight)))
            );
            product.AssertNear(
                product.By((w, b, inputs, outputs) => new FloatMatrix<ushort, Bfloat16>(w, b, inputs, outputs)),
                rounded,
                1e-5
            );

            static uint Upper(uint bits) => (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000;
        });

    [Fact]
    public void Int8_products_are_those_of_rounded_weights_and_of_inputs_with_more_bits_than_float32_needs_here() =>
        Shapes.Sample(shape =>
        {
            var product = new Product(shape.Rows, shape.Inputs, shape.Outputs, shape.Seed);
            var rounded = new float[product.Weights.Length];
            for (var o = 0; o < shape.Outputs; o++)
            {
                var scale = product.Weights.AsSpan(o * shape.Inputs, shape.Inputs).ToArray().Max(Math.Abs) / 127;
                for (var i = o * shape.Inputs; i < (o + 1) * shape.Inputs; i++)
                {
                    rounded[i] = MathF.Round(product.Weights[i] / scale) * scale;
                    Assert.InRange(Math.Abs(rounded[i] - product.Weights[i]), 0, 0.5001f * scale);
                }
            }

            product.AssertNear(product.By(Integer8), rounded, 1e-3);
        });

    [Fact]
    public void Products_of_bytes_are_those_of_integers_with_as_many_bits_to_the_last_bit() =>
        Shapes.Sample(shape =>
        {
            var product = new Product(shape.Rows, shape.Inputs, shape.Outputs, shape.Seed);
            var bytes = product.By(Bytes);
            Assert.Equal(
                product.By(
                    (w, b, inputs, outputs) => new IntegerMatrix<sbyte, Integers8>(w, b, inputs, outputs, 127, 127)
                ),
                bytes
            );
            product.AssertNear(bytes, product.Weights, 2e-2);
        });

    [Fact]
    public void Sums_of_as_many_products_of_bytes_as_there_may_be_are_exact()
    {
        var largest = new Product(1, ByteMatrix.MostInputs, 1, seed: 1);
        Array.Fill(largest.Inputs, 1);
        Array.Fill(largest.Weights, 1);
        Assert.Equal(ByteMatrix.MostInputs + largest.Bias[0], largest.By(Bytes)[0], 0.1);
    }

    [Fact]
    public void Products_of_16_bit_weights_share_the_bits_evenly() =>
        Shapes.Sample(shape =>
        {
            var product = new Product(shape.Rows, shape.Inputs, shape.Outputs, shape.Seed);
            product.AssertNear(product.By(Integer16), product.Weights, 2e-3);
        });

    [Fact]
    public void A_row_has_the_same_bits_whatever_other_rows_there_are() =>
        Shapes.Sample(shape =>
        {
            var product = new Product(shape.Rows, shape.Inputs, shape.Outputs, shape.Seed);
            foreach (
                var packing in new Packing[]
                {
                    (w, b, inputs, outputs) => new FloatMatrix<float, Float32>(w, b, inputs, outputs),
                    (w, b, inputs, outputs) => new FloatMatrix<ushort, Bfloat16>(w, b, inputs, outputs),
                    Integer8,
                    Integer16,
                    Bytes,
                }
            )
            {
                var together = product.By(packing);
                for (var row = 0; row < shape.Rows; row++)
                {
                    Assert.Equal(
                        product.By(packing, row, 1),
                        together[(row * shape.Outputs)..((row + 1) * shape.Outputs)]
                    );
                }
            }
        });

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_in_an_input_or_a_weight_makes_outputs_that_are_not(float value)
    {
        var (input, weight) = (new Product(5, 40, 70, seed: 1), new Product(5, 40, 70, seed: 1));
        input.Inputs[2 * 40] = value;
        weight.Weights[69 * 40] = value;
        foreach (
            var packing in new Packing[]
            {
                (w, b, inputs, outputs) => new FloatMatrix<float, Float32>(w, b, inputs, outputs),
                Integer8,
                Bytes,
            }
        )
        {
            Assert.All(input.By(packing)[(2 * 70)..(3 * 70)], output => Assert.False(float.IsFinite(output)));
            Assert.All(weight.By(packing).Chunk(70), outputs => Assert.False(float.IsFinite(outputs[69])));
        }
    }

    [Fact]
    public void Zeros_give_the_bias()
    {
        var product = new Product(5, 33, 65, seed: 1);
        Array.Clear(product.Inputs);
        var biases = Enumerable.Repeat(product.Bias, 5).SelectMany(bias => bias).ToList();
        Assert.Equal(biases, product.By(Integer8));
        Assert.Equal(biases, product.By(Bytes));
        var noWeights = new Product(5, 33, 65, seed: 1);
        Array.Clear(noWeights.Weights);
        Assert.Equal(biases, noWeights.By(Integer8));
        Assert.Equal(biases, noWeights.By(Bytes));
    }

    private static IntegerMatrix<sbyte, Integers8> Integer8(float* weight, float* bias, int inputs, int outputs) =>
        new(weight, bias, inputs, outputs, 127);

    private static IntegerMatrix<short, Integers16> Integer16(float* weight, float* bias, int inputs, int outputs) =>
        new(weight, bias, inputs, outputs, null);

    private static ByteMatrix Bytes(float* weight, float* bias, int inputs, int outputs) =>
        new(weight, bias, inputs, outputs);

    private sealed class Product
    {
        private readonly int _rows;
        private readonly int _inputs;
        private readonly int _outputs;

        public Product(int rows, int inputs, int outputs, int seed)
        {
            (_rows, _inputs, _outputs) = (rows, inputs, outputs);
            var random = new Random(seed);
            float[] Draw(int count) =>
                [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
            (Inputs, Weights, Bias) = (Draw(rows * inputs), Draw(outputs * inputs), Draw(outputs));
        }

        public float[] Inputs { get; }

        public float[] Weights { get; }

        public float[] Bias { get; }

        public float[] By(Packing packing) => By(packing, 0, _rows);

        public float[] By(Packing packing, int first, int rows)
        {
            var outputs = new float[rows * _outputs];
            fixed (
                float* w = Weights,
                    b = Bias,
                    x = Inputs,
                    y = outputs
            )
            {
                packing(w, b, _inputs, _outputs).Multiply(x + (first * _inputs), rows, y);
            }

            return outputs;
        }

        /// <summary>Within a share of the sum of the products' sizes.</summary>
        public void AssertNear(float[] outputs, float[] weights, double share)
        {
            for (var i = 0; i < outputs.Length; i++)
            {
                var (row, output) = (i / _outputs, i % _outputs);
                var products = Enumerable
                    .Range(0, _inputs)
                    .Select(k => (double)Inputs[(row * _inputs) + k] * weights[(output * _inputs) + k])
                    .ToList();
                Assert.Equal(products.Sum() + Bias[output], outputs[i], share * (products.Sum(Math.Abs) + 1));
            }
        }
    }
}
