using Samples.Comparison;
using Samples.ResidualMlp;

// Tensors this small are not worth dividing among threads, and with one thread the figures are the same on any number
// of cores.
TorchSharp.torch.set_num_threads(1);
return new SampleCommand(
    new Sample(
        "residual-mlp",
        "Trains a perceptron of 100 residual blocks on drawn digits, as it was and with Admin.",
        new SampleOptions
        {
            Depth = 100,
            Updates = 600,
            LearningRate = 1e-3,
            Initialization = Initialization.He,
        },
        (Math.Log(StrokeDigits.Kinds), "guessing"),
        Training.Run
    )
).Run(args);
