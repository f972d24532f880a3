package dev.zoetrope.cli;

import dev.zoetrope.runtime.training.ClipShape;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code 16x64x64}: frames, height, width. */
final class ClipShapeConverter implements ITypeConverter<ClipShape> {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,5})x(\\d{1,5})x(\\d{1,5})");

    ClipShapeConverter() {}

    @Override
    public ClipShape convert(String value) {
        Matcher m = SHAPE.matcher(value);
        if (!m.matches()) {
            throw new TypeConversionException(value + " is not like 16x64x64");
        }
        try {
            return new ClipShape(
                    Integer.parseInt(m.group(1)),
                    Integer.parseInt(m.group(2)),
                    Integer.parseInt(m.group(3)));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
