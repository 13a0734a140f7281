namespace TransformerClinic.Model;

/// <summary>A pass through a model with dropout on: its key and how many masks it has drawn.</summary>
internal sealed class DropoutPass(ulong key)
{
    private uint _masks;

    /// <summary>What, with a mask's number, decides the mask.</summary>
    internal ulong Key => key;

    /// <summary>The number of the next mask, from 1.</summary>
    internal uint NextMask() => ++_masks;

    /// <summary>A pass that draws from here on what this one does.</summary>
    internal DropoutPass Copy() => new(key) { _masks = _masks };
}
