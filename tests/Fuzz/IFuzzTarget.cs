namespace TransformerClinic.Fuzz;

/// <summary>What is given inputs that nobody thought of.</summary>
internal interface IFuzzTarget : IDisposable
{
    string Name { get; }

    /// <summary>Inputs to begin with.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Another input made from one, or from two.</summary>
    byte[] Mutate(byte[] input, byte[] other, Random random);

    /// <summary>
    /// Runs on an input and says in a few words what came of it, none of which is from the input: there are tens of
    /// outcomes, however many inputs there are.
    /// </summary>
    /// <exception cref="Exception">A defect was found.</exception>
    string Run(byte[] input);
}
