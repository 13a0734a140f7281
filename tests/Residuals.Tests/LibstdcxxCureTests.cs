using System.Text;

namespace TransformerClinic.Residuals.Tests;

/// <summary>
/// What the build does to TorchSharp's native library for systems with an older libstdc++ (build/*.targets).
/// </summary>
public class LibstdcxxCureTests
{
    private const string Library = "libLibTorchSharp.so";
    private const string NewestVersion = "GLIBCXX_3.4.32";
    private const byte Weak = 2; // VER_FLG_WEAK

    [Fact]
    public void Nothing_but_one_flag_of_the_native_library_is_changed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux needs the cure.");
        var built = Directory.EnumerateFiles(AppContext.BaseDirectory, Library, SearchOption.AllDirectories).First();
        var original = Original();
        Assert.SkipWhen(
            original is null,
            "The packages of this build are not in the usual folder, so there is nothing to compare with."
        );

        var (before, after) = (File.ReadAllBytes(original!), File.ReadAllBytes(built));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();

        Assert.Equal(before.Length, after.Length);
        Assert.True(changed.Count <= 1, $"{changed.Count} bytes differ");
        Assert.All(changed, i => Assert.Equal(before[i] | Weak, after[i]));
        Assert.All(changed, i => Assert.Equal(NewestVersion, VersionOfRecordWithFlagAt(after, i)));
    }

    /// <summary>
    /// The name that a record of .gnu.version_r has, given where its flags lie (four bytes before the name's offset).
    /// </summary>
    private static string VersionOfRecordWithFlagAt(byte[] elf, int flag)
    {
        var name = BitConverter.ToInt32(elf, flag + 4);
        // The dynamic string table is the one that holds the name at this offset; it begins with a zero byte.
        var at = elf.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{NewestVersion}\0")) + 1;
        var table = at - name;
        return table >= 0 && elf[table] == 0 ? Encoding.ASCII.GetString(elf, table + name, NewestVersion.Length) : "";
    }

    private static string? Original()
    {
        var folder = Path.Combine(GlobalPackages.TorchSharp, "runtimes");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, Library, SearchOption.AllDirectories).FirstOrDefault()
            : null;
    }
}
