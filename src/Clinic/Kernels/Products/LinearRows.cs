namespace TransformerClinic.Kernels.Products;

/// <summary>
/// <c>y = x W^T + b</c> for rows x, and its gradient: with g that of y, x gets <c>g W</c>, W gets <c>g^T x</c>, b the
/// sum of the rows of g. In float32; for products that are faster here (<see cref="MatrixProduct.IsFaster"/>).
/// </summary>
/// <param name="weight"><c>[outputs, inputs]</c></param>
/// <param name="bias"><c>[outputs]</c>; null for none.</param>
/// <param name="inputs">Length of a row x.</param>
/// <param name="outputs">Length of a row y.</param>
internal readonly unsafe struct LinearRows(float* weight, float* bias, int inputs, int outputs)
{
    /// <summary>Only the rows <c>[from, to)</c> of weight and bias.</summary>
    public LinearRows Part(int from, int to) => new(weight + ((long)from * inputs), bias + from, inputs, to - from);

    /// <summary>Fills y.</summary>
    public void Forward(float* x, int rows, float* y) =>
        MatrixProduct.Compute(
            rows,
            inputs,
            outputs,
            MatrixOperand.Of(x, inputs),
            MatrixOperand.Transposed(weight, inputs),
            y,
            outputs,
            bias: bias
        );

    /// <summary>Fills the gradient of x from that of y, or adds to it.</summary>
    public void ToInput(float* gradient, int rows, float* toX, bool adds = false) =>
        MatrixProduct.Compute(
            rows,
            outputs,
            inputs,
            MatrixOperand.Of(gradient, outputs),
            MatrixOperand.Of(weight, inputs),
            toX,
            inputs,
            adds
        );

    /// <summary>Adds to the gradients of weight and bias, or fills them.</summary>
    public void ToParameters(float* x, float* gradient, int rows, float* toWeight, float* toBias, bool adds = true)
    {
        ToWeight(x, gradient, rows, toWeight, adds);
        if (!adds)
        {
            new Span<float>(toBias, outputs).Clear();
        }

        for (var row = 0; row < rows; row++)
        {
            ElementwiseRow.Add(toBias, gradient + ((long)row * outputs), outputs);
        }
    }

    /// <summary>Adds to the gradient of the weight, or fills it.</summary>
    public void ToWeight(float* x, float* gradient, int rows, float* toWeight, bool adds = true) =>
        MatrixProduct.Compute(
            outputs,
            rows,
            inputs,
            MatrixOperand.Transposed(gradient, outputs),
            MatrixOperand.Of(x, inputs),
            toWeight,
            inputs,
            adds
        );
}
