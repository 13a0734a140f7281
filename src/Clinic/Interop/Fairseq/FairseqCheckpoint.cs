using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Interop.Pickle;
using TransformerClinic.Interop.Torch;
using TransformerClinic.Model;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// A checkpoint of fairseq or Transformer-Clinic, opened for reading: the options that its model was trained with, and
/// its weights. Nothing in it is run.
/// </summary>
internal sealed class FairseqCheckpoint : IDisposable
{
    /// <summary>A table of positions of this many numbers needs no explanation.</summary>
    private const long SmallTable = 1 << 22;

    private readonly TorchFile _file;

    private FairseqCheckpoint(TorchFile file, FairseqOptions options, FairseqState state) =>
        (_file, Options, State) = (file, options, state);

    /// <summary>The model's shape.</summary>
    public FairseqOptions Options { get; }

    /// <summary>Its weights.</summary>
    public FairseqState State { get; }

    /// <summary>
    /// Opens a checkpoint and checks that its weights are those of the model that its options describe.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="waived">Names of options to leave out although they are not known.</param>
    /// <exception cref="UserErrorException">
    /// The file is missing, damaged or not a checkpoint, or its model is one that ours cannot be.
    /// </exception>
    public static FairseqCheckpoint Open(string path, IReadOnlyCollection<string> waived)
    {
        var file = TorchFile.Open(path);
        try
        {
            var content =
                file.Root as PickleDictionary
                ?? throw new UserErrorException(
                    $"{path}: the file holds something other than a dictionary, so it is not a checkpoint of fairseq."
                );
            var options = FairseqOptions.Read(path, new FairseqArguments(path, content), waived);
            var state = new FairseqState(file, content["model"]);
            CheckShape(path, options.Model, state);
            return new FairseqCheckpoint(file, options, state);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A model with the checkpoint's weights.</summary>
    /// <param name="vocabulary">Its vocabulary.</param>
    /// <param name="padding">Id of the padding.</param>
    /// <exception cref="UserErrorException">
    /// The vocabulary is not the checkpoint's, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public Transformer Load(JointVocabulary vocabulary, long padding)
    {
        CheckVocabulary(vocabulary);
        var model = new Transformer(
            Options.Model with
            {
                OutputBias = vocabulary.AreSeparate,
            },
            vocabulary.Count,
            padding,
            seed: 0
        );
        try
        {
            new FairseqWeights(vocabulary.AreSeparate ? new JointEmbeddings(State, vocabulary) : State).Read(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void CheckVocabulary(JointVocabulary vocabulary)
    {
        if (vocabulary.AreSeparate && Options.Model.SharedEmbeddings == EmbeddingSharing.All)
        {
            throw new UserErrorException(
                $"{State.Path}: the checkpoint shares one embedding between source and target, so it has one "
                    + "dictionary for both, not two different ones."
            );
        }

        CheckRows(FairseqNames.SourceEmbedding, vocabulary.SourceCount, "source");
        CheckRows(FairseqNames.TargetEmbedding, vocabulary.TargetCount, "target");
        CheckRows(FairseqNames.OutputProjection, vocabulary.TargetCount, "target");
    }

    private void CheckRows(string name, int count, string side)
    {
        if (State.ShapeOf(name) is { } shape && (shape is not [var rows, _] || rows != count))
        {
            throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{State.Path}: the {side}'s dictionary has {count} pieces with the four marks, the checkpoint's "
                )
                    + string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name} the shape [{string.Join(", ", shape)}]; they do not belong together."
                    )
            );
        }
    }

    /// <summary>
    /// Checks the sizes that decide how large the model is before it is made: a small file cannot ask for a large one.
    /// </summary>
    private static void CheckShape(string path, ModelOptions options, FairseqState state)
    {
        try
        {
            OptionCheck.Valid(options, "model");
        }
        catch (UserErrorException exception)
        {
            throw new UserErrorException(
                $"{path}: the checkpoint's model is not possible: {exception.Message}",
                exception
            );
        }

        if (state.ShapeOf(FairseqNames.SourceEmbedding) is not [_, var dim])
        {
            throw new UserErrorException(
                $"{path}: the checkpoint has no matrix '{FairseqNames.SourceEmbedding}', so it is not of a translation "
                    + "model of fairseq."
            );
        }

        if (dim != options.Dim)
        {
            throw new UserErrorException(
                $"{path}: the checkpoint's embedding has {dim} columns, its options say {options.Dim}."
            );
        }

        var layer = (4L * dim * dim) + (2L * dim * options.FeedForwardDim);
        var needed = (options.Encoder.Layers * layer) + (options.Decoder.Layers * (layer + (4L * dim * dim)));
        var table = (long)options.MaxPositions * options.Dim;
        if (table > Math.Max(SmallTable, state.Elements))
        {
            throw new UserErrorException(
                $"{path}: the checkpoint's options ask for {options.MaxPositions} positions, a table larger than its "
                    + "weights."
            );
        }

        if (needed > state.Elements)
        {
            throw new UserErrorException(
                $"{path}: the checkpoint's options describe a model with more weights than it has. Its layers, "
                    + "heads or widths are not those of its weights."
            );
        }
    }
}
