namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic import</c></summary>
internal sealed class ImportCommand()
    : VerbGroup(
        "import",
        "Makes a model folder of a model that another program trained.",
        new ImportFairseqCommand(),
        new ImportMarianCommand()
    );
