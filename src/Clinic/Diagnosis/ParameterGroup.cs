namespace TransformerClinic.Diagnosis;

/// <summary>What a parameter is for; a matrix and its bias are in one group.</summary>
public enum ParameterGroup
{
    /// <summary>The projection of attention's queries.</summary>
    Query,

    /// <summary>The projection of attention's keys, whose bias has no gradient apart from rounding.</summary>
    Key,

    /// <summary>The projection of attention's values.</summary>
    Value,

    /// <summary>Attention's output projection.</summary>
    AttentionOutput,

    /// <summary>The feed-forward sublayer's first matrix.</summary>
    FeedForwardInner,

    /// <summary>The feed-forward sublayer's second matrix.</summary>
    FeedForwardOuter,

    /// <summary>Weight and bias of a layer normalization.</summary>
    LayerNorm,

    /// <summary>Admin's scale of the shortcut.</summary>
    Omega,

    /// <summary>A trained scale of the branch: alpha of ReZero and SkipInit, lambda of LayerScale.</summary>
    Alpha,

    /// <summary>The scale of a stack's input.</summary>
    InputScale,

    /// <summary>Embeddings and output projection.</summary>
    Embedding,

    /// <summary>A parameter of a third-party model.</summary>
    Other,

    /// <summary>What streams are mixed by: DLCL's weights of layers, those of hyper-connections.</summary>
    Mix,
}
