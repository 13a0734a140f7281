using Samples.Comparison;
using Samples.DecoderOnly;

// Tensors this small are not worth dividing among threads, and with one thread the figures are the same on any number
// of cores.
TorchSharp.torch.set_num_threads(1);
var text = HelpText.Load();
return new SampleCommand(
    new Sample(
        "decoder-only",
        "Trains a decoder-only language model of 24 blocks on the characters of help pages, as it was and with Admin.",
        new SampleOptions
        {
            Depth = 24,
            Updates = 500,
            LearningRate = 1e-3,
            Initialization = Initialization.Xavier,
        },
        (text.FrequencyLoss, "frequencies alone"),
        (options, admin) => Training.Run(text, options, admin)
    )
    {
        Remedies = Remedy.Names,
    }
).Run(args);
