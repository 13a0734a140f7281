namespace TransformerClinic.Interop.HuggingFace;

/// <summary>The class of Hugging Face's <c>transformers</c> that a model becomes.</summary>
internal enum HuggingFaceClass
{
    /// <summary>
    /// <c>MarianMTModel</c>: Post-LN in both stacks, with the position table stored as a weight. In Python,
    /// <c>save_pretrained</c> leaves that table out unless it is told not to; the model card says how.
    /// </summary>
    Marian,

    /// <summary><c>M2M100ForConditionalGeneration</c>: Pre-LN in both stacks.</summary>
    M2m100,

    /// <summary>
    /// <c>FSMTForConditionalGeneration</c>: Post-LN in both stacks, fairseq's own positions; Python only, and since
    /// version 4.46 its search is wrong there.
    /// </summary>
    Fsmt,
}
