namespace TransformerClinic.Cli.Tests;

public class FailuresTests
{
    public static TheoryData<string, Action<string>> Changes =>
        new()
        {
            { "a file written", place => File.WriteAllText(Path.Combine(place, "new"), "") },
            { "a file removed", place => File.Delete(Path.Combine(place, "file")) },
            { "a file moved", place => File.Move(Path.Combine(place, "file"), Path.Combine(place, "new")) },
            { "a folder made", place => Directory.CreateDirectory(Path.Combine(place, "new")) },
            { "a folder removed", place => Directory.Delete(Path.Combine(place, "folder"), recursive: true) },
            { "a folder moved", place => Directory.Move(Path.Combine(place, "folder"), Path.Combine(place, "new")) },
        };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void A_folder_without_the_permission_to_write_is_the_users_to_change(string what, Action<string> change)
    {
        Assert.SkipUnless(Unprivileged.IsPossible, "Whoever may do everything is refused nothing.");

        Unprivileged.Run(place =>
        {
            File.WriteAllText(Path.Combine(place, "file"), "");
            Directory.CreateDirectory(Path.Combine(place, "folder"));
            using var locked = Unprivileged.ReadOnly(place);
            using var error = new StringWriter();

            var code = Failures.Guard(
                () =>
                {
                    change(place);
                    return 0;
                },
                error
            );

            Assert.True(code == 2, $"{what}: exit code {code}, {error}");
            Assert.Contains("Choose a writable folder.", error.ToString(), StringComparison.Ordinal);
        });
    }
}
