// An MSBuild task, compiled by MSBuild itself (RoslynCodeTaskFactory): it must do with only C# 7 and the framework.
using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library with the reference to symbol version GLIBCXX_3.4.32 marked weak
/// (VER_FLG_WEAK), so that it loads where libstdc++ is older. Does nothing where libstdc++ has the version.
/// </summary>
public class WeakenGlibcxxVersion : Task
{
    private const string Version = "GLIBCXX_3.4.32";
    private const int VersionNeeded = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 2; // VER_FLG_WEAK

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    [Required]
    public string Mode { get; set; }

    [Output]
    public bool Applied { get; set; }

    public override bool Execute()
    {
        if (Mode != "always" && SystemHasVersion())
        {
            return true;
        }
        var original = new FileInfo(Source);
        var cured = new FileInfo(Destination);
        if (cured.Exists && cured.Length == original.Length && cured.LastWriteTimeUtc == original.LastWriteTimeUtc)
        {
            Applied = true;
            return true;
        }
        byte[] elf = File.ReadAllBytes(Source);
        int flag = FindFlag(elf);
        if (flag < 0)
        {
            return true; // Another TorchSharp that does not ask for this version: nothing to cure.
        }
        elf[flag] |= Weak;
        Directory.CreateDirectory(cured.DirectoryName);
        string temporary = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, elf);
        File.SetLastWriteTimeUtc(temporary, original.LastWriteTimeUtc); // incremental copies compare time and size
        if (File.Exists(Destination))
        {
            File.Delete(Destination);
        }
        File.Move(temporary, Destination);
        Applied = true;
        Log.LogMessage(
            MessageImportance.Normal,
            "Marked {0} as weak in {1} (this system's libstdc++ is older).",
            Version,
            Destination
        );
        return true;
    }

    private static bool SystemHasVersion()
    {
        string[] folders =
        {
            "/lib/x86_64-linux-gnu",
            "/usr/lib/x86_64-linux-gnu",
            "/lib64",
            "/usr/lib64",
            "/usr/lib",
            "/lib",
        };
        foreach (string folder in folders)
        {
            string library = Path.Combine(folder, "libstdc++.so.6");
            if (File.Exists(library))
            {
                return Encoding.ASCII.GetString(File.ReadAllBytes(library)).Contains(Version + "\0");
            }
        }
        return false;
    }

    /// <summary>The file offset of the low byte of vna_flags of the version's record, or -1.</summary>
    private static int FindFlag(byte[] elf)
    {
        if (
            elf.Length < 64
            || elf[0] != 0x7f
            || elf[1] != 'E'
            || elf[2] != 'L'
            || elf[3] != 'F'
            || elf[4] != 2
            || elf[5] != 1
        )
        {
            return -1;
        }
        long headers = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3a);
        int count = BitConverter.ToUInt16(elf, 0x3c);
        for (int i = 0; i < count; i++)
        {
            int header = checked((int)(headers + (long)i * size));
            if (BitConverter.ToInt32(elf, header + 4) != VersionNeeded)
            {
                continue;
            }
            int link = BitConverter.ToInt32(elf, header + 0x28);
            int strings = checked((int)BitConverter.ToInt64(elf, checked((int)(headers + (long)link * size)) + 0x18));
            return FindFlagInSection(elf, checked((int)BitConverter.ToInt64(elf, header + 0x18)), strings);
        }
        return -1;
    }

    private static int FindFlagInSection(byte[] elf, int need, int strings)
    {
        while (true)
        {
            int auxiliary = need + BitConverter.ToInt32(elf, need + 8);
            for (int left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
            {
                if (NameAt(elf, strings + BitConverter.ToInt32(elf, auxiliary + 8)) == Version)
                {
                    return auxiliary + 4;
                }
                auxiliary += BitConverter.ToInt32(elf, auxiliary + 12);
            }
            int next = BitConverter.ToInt32(elf, need + 12);
            if (next == 0)
            {
                return -1;
            }
            need += next;
        }
    }

    private static string NameAt(byte[] elf, int offset)
    {
        int end = Array.IndexOf(elf, (byte)0, offset);
        return Encoding.ASCII.GetString(elf, offset, end - offset);
    }
}
