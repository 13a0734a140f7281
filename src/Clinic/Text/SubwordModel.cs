using TransformerClinic.Common;

namespace TransformerClinic.Text;

/// <summary>
/// What turns text into ids of pieces and back. Ours is a <see cref="BytePairModel"/>; models of other programs bring
/// their own, which may read source and target in different pieces of one vocabulary.
/// </summary>
internal abstract class SubwordModel(Vocabulary vocabulary)
{
    /// <summary>The pieces and their ids.</summary>
    public Vocabulary Vocabulary => vocabulary;

    /// <summary>Learns a model of our kind from lines of text.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="options">How it is learned.</param>
    /// <param name="progress">Told how many merges are learned.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static BytePairModel Learn(
        IEnumerable<string> lines,
        SubwordOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    ) => BytePairModel.Learn(lines, options, progress, cancellation);

    /// <summary>Reads a model of any kind that <see cref="Save"/> wrote.</summary>
    /// <exception cref="UserErrorException">The file is missing or not such a model.</exception>
    public static SubwordModel Load(string path) => SubwordFile.Read(path);

    /// <summary>The ids of a line's pieces, without end mark; normalizes first.</summary>
    public abstract int[] Encode(string line);

    /// <summary>The same of a line in the target language.</summary>
    public virtual int[] EncodeTarget(string line) => Encode(line);

    /// <summary>
    /// The text of a sequence of ids of the target language, one line without tabs; marks are skipped.
    /// </summary>
    public abstract string Decode(ReadOnlySpan<int> ids);

    /// <summary>
    /// The text of an id by itself; empty for marks, and for what is a character only with others.
    /// </summary>
    public abstract string TextOf(int id);

    /// <summary>
    /// Whether what follows a piece may continue its word. Where a word begins with its space, any piece may be
    /// continued; where the end of a word is marked, only those that do not have that mark.
    /// </summary>
    public virtual bool LeavesWordOpen(int id) => true;

    /// <summary>A line of the target language as the model sees it.</summary>
    public abstract string Normalize(string line);

    /// <summary>Whether another model cuts every text into the same pieces with the same ids.</summary>
    public abstract bool IsSameAs(SubwordModel other);

    /// <summary>Writes the model as one JSON file, whole or not at all.</summary>
    public abstract void Save(string path);

    /// <summary>The options that describe the model, with what it does not know taken from others.</summary>
    public virtual SubwordOptions DescribedBy(SubwordOptions options) => options;
}
