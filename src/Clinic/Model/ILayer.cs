namespace TransformerClinic.Model;

/// <summary>A layer of a stack.</summary>
internal interface ILayer
{
    /// <summary>The sublayers in forward order.</summary>
    IEnumerable<Sublayer> Sublayers { get; }
}
