namespace TransformerClinic.Training.Loss;

/// <summary>Losses of several updates, summed over their target tokens, in nats.</summary>
/// <param name="Loss">Label-smoothed cross entropy.</param>
/// <param name="Nll">Negative log-likelihood.</param>
/// <param name="Tokens">Target tokens, padding not counted.</param>
internal sealed record LossSums(double Loss, double Nll, long Tokens)
{
    /// <summary>The sums over no update.</summary>
    public static LossSums None { get; } = new(0, 0, 0);

    /// <summary>The sums with those of another update.</summary>
    public LossSums Plus(double loss, double nll, long tokens) => new(Loss + loss, Nll + nll, Tokens + tokens);
}
