using TransformerClinic.Common;
using TransformerClinic.Runs;

NativeRuntime.Configure();
using var model = TranslationModel.Load(args.FirstOrDefault() ?? "runs/quickstart");
while (Console.ReadLine() is { } line)
{
    Console.WriteLine(model.Translate(line));
}
