package dev.zoetrope.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of a zip archive whose entries are stored uncompressed, as torch writes them, so
 * that they can be mapped. {@link java.util.zip.ZipFile} does not tell where an entry's bytes lie.
 */
final class StoredZip {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_SIZE = 56;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_SIZE = 20;
    private static final int EXTRA_64 = 1;
    private static final long MAX_16 = 0xffff;
    private static final long MAX_32 = 0xffffffffL;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int HEAP_PER_ENTRY = 500;

    /**
     * An entry of the archive.
     *
     * @param method 0 if its bytes are stored as they are
     * @param offset bytes from the start of the file to its first byte
     */
    record Entry(String name, int method, long crc, long offset, long size) {}

    /** An entry as the central directory lists it; {@code header} is where its own header lies. */
    private record Listing(
            String name, int flags, int method, long crc, long packed, long size, long header) {}

    private record Directory(long offset, long size, long entries) {}

    private final FileBytes in;

    private StoredZip(FileBytes in) {
        this.in = in;
    }

    /** Entries by name, in the order of the directory; no two share a byte. */
    static Map<String, Entry> entries(FileBytes in) throws IOException {
        StoredZip zip = new StoredZip(in);
        Directory directory = zip.findDirectory();
        return zip.locate(zip.readListings(directory), directory.offset);
    }

    private Directory findDirectory() throws IOException {
        if (in.size() < END_SIZE) {
            throw in.damaged("it ends before the directory of its zip archive");
        }
        long end = in.size() - END_SIZE;
        in.seek(end);
        // torch writes no comment, so the end record is the end of the file.
        if (in.i32() != END) {
            throw in.damaged("the directory at the end of its zip archive is missing");
        }
        require(in.u16() == 0); // this disk
        require(in.u16() == 0); // the directory's disk
        int entries = in.u16();
        require(in.u16() == entries); // on all disks
        long size = in.u32();
        Directory directory = new Directory(in.u32(), size, entries);
        require(in.u16() == 0); // comment
        if (end >= LOCATOR_64_SIZE + END_64_SIZE) {
            in.seek(end - LOCATOR_64_SIZE);
            if (in.i32() == LOCATOR_64) {
                end -= LOCATOR_64_SIZE + END_64_SIZE;
                directory = widen(directory, end);
            }
        }
        require(directory.size >= 0 && directory.offset == end - directory.size);
        return directory;
    }

    /** Replaces the 32-bit directory by the 64-bit one at {@code end}; both must agree. */
    private Directory widen(Directory narrow, long end) throws IOException {
        require(in.u32() == 0); // the record's disk
        require(in.i64() == end);
        require(in.u32() == 1); // disks
        in.seek(end);
        require(in.i32() == END_64);
        require(in.i64() == END_64_SIZE - 12); // what follows this number
        in.skip(4); // versions
        require(in.u32() == 0); // this disk
        require(in.u32() == 0); // the directory's disk
        long entries = in.i64();
        require(in.i64() == entries); // on all disks
        long size = in.i64();
        Directory wide = new Directory(in.i64(), size, entries);
        require(narrow.entries == Math.min(wide.entries, MAX_16));
        require(narrow.size == Math.min(wide.size, MAX_32));
        require(narrow.offset == Math.min(wide.offset, MAX_32));
        return wide;
    }

    private void require(boolean holds) {
        if (!holds) {
            throw in.damaged("the directory of its zip archive contradicts itself");
        }
    }

    private List<Listing> readListings(Directory directory) throws IOException {
        List<Listing> listings = new ArrayList<>();
        in.seek(directory.offset);
        for (long i = 0; i < directory.entries; i++) {
            in.charge(HEAP_PER_ENTRY);
            listings.add(readListing());
        }
        require(in.position() == directory.offset + directory.size);
        return listings;
    }

    private Listing readListing() throws IOException {
        if (in.i32() != CENTRAL_HEADER) {
            throw in.damaged("the directory of its zip archive is broken");
        }
        in.skip(4); // versions
        int flags = in.u16();
        int method = in.u16();
        in.skip(4); // time
        long crc = in.u32();
        long packed = in.u32();
        long size = in.u32();
        int nameLength = in.u16();
        int extraLength = in.u16();
        int commentLength = in.u16();
        boolean firstDisk = in.u16() == 0;
        in.skip(6); // attributes
        long header = in.u32();
        String name = in.text(nameLength);
        long extraEnd = in.position() + extraLength;
        while (extraEnd - in.position() >= 4) {
            int id = in.u16();
            long next = in.u16() + in.position();
            if (id == EXTRA_64) {
                size = size == MAX_32 ? in.i64() : size;
                packed = packed == MAX_32 ? in.i64() : packed;
                header = header == MAX_32 ? in.i64() : header;
            }
            if (next < in.position() || next > extraEnd) {
                throw in.damaged("the directory entry of " + name + " is broken");
            }
            in.seek(next);
        }
        in.seek(extraEnd);
        in.skip(commentLength);
        requirePlainName(name);
        if (!firstDisk || size < 0 || packed < 0 || header < 0) {
            throw in.damaged("the directory entry of " + name + " is broken");
        }
        return new Listing(name, flags, method, crc, packed, size, header);
    }

    /** Nothing is ever unpacked, but a name that leaves its folder shows what the file is for. */
    private void requirePlainName(String name) {
        boolean leaves =
                name.isEmpty()
                        || name.startsWith("/")
                        || name.contains("\\")
                        || name.contains(":")
                        || name.contains("\0")
                        || ("/" + name + "/").contains("/../");
        if (leaves) {
            throw in.damaged("its entry '" + name + "' would lie outside the archive's own folder");
        }
    }

    /** Finds each entry's bytes behind its own header, in the order in which they lie. */
    private Map<String, Entry> locate(List<Listing> listings, long directory) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Listing listing : listings) {
            // Reserves the directory's order; the bytes are found below.
            Entry unplaced =
                    new Entry(listing.name, listing.method, listing.crc, 0, listing.packed);
            if (entries.put(listing.name, unplaced) != null) {
                throw in.damaged("its entry " + listing.name + " exists twice");
            }
        }
        listings.sort(Comparator.comparingLong(Listing::header));
        long free = 0;
        for (Listing listing : listings) {
            if (listing.header < free) {
                throw in.damaged("its entry " + listing.name + " overlaps another one");
            }
            long offset = readHeader(listing);
            if (offset > directory || listing.packed > directory - offset) {
                throw in.damaged("its entry " + listing.name + " reaches beyond the archive");
            }
            free = offset + listing.packed;
            entries.put(
                    listing.name,
                    new Entry(listing.name, listing.method, listing.crc, offset, listing.packed));
        }
        return entries;
    }

    /** Checks an entry's own header against the directory; returns where its bytes begin. */
    private long readHeader(Listing listing) throws IOException {
        in.seek(listing.header);
        requireSame(listing, in.i32() == LOCAL_HEADER);
        in.skip(2); // version
        requireSame(listing, in.u16() == listing.flags);
        requireSame(listing, in.u16() == listing.method);
        in.skip(16); // time, and checksum and sizes, which may follow the bytes instead
        int nameLength = in.u16();
        int extraLength = in.u16();
        requireSame(listing, in.text(nameLength).equals(listing.name));
        requireSame(listing, listing.method != 0 || listing.packed == listing.size);
        in.skip(extraLength);
        if ((listing.flags & FLAG_ENCRYPTED) != 0) {
            throw in.unknown("it is encrypted");
        }
        return in.position();
    }

    private void requireSame(Listing listing, boolean same) {
        if (!same) {
            throw in.damaged("its entry " + listing.name + " is not what the directory says");
        }
    }
}
