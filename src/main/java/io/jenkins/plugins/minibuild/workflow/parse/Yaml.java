package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Position;
import java.util.ArrayList;
import java.util.List;

/** A value of a YAML file with its place; aliases and merges are written out. Immutable. */
sealed interface Yaml {
    /** Where it begins. */
    Position position();

    /** What it is. */
    Kind kind();

    /** What a value can be. */
    enum Kind {
        SCALAR,
        SEQUENCE,
        MAPPING
    }

    /** What a scalar looks like to YAML 1.1. Its text is kept in any case: {@code 1.10} stays that. */
    enum Type {
        TEXT,
        INTEGER,
        REAL,
        FLAG,
        NOTHING
    }

    /**
     * A text, a number, a flag or nothing.
     *
     * @param text as in the file, without quotes and indentation
     * @param layout where its characters stand
     */
    record Scalar(@Override Position position, String text, Type type, Layout layout) implements Yaml {
        @Override
        public Kind kind() {
            return Kind.SCALAR;
        }

        boolean isNothing() {
            return type == Type.NOTHING;
        }

        /** Where a character of the text stands in the file; where the scalar begins if that is not known. */
        Position at(int offset) {
            return at(List.of(offset)).get(0);
        }

        /** As {@link #at(int)}, for several characters in ascending order. */
        List<Position> at(List<Integer> offsets) {
            return layout.at(position, text, offsets);
        }
    }

    /** A list. */
    record Sequence(@Override Position position, List<Yaml> items) implements Yaml {
        @Override
        public Kind kind() {
            return Kind.SEQUENCE;
        }
    }

    /** Keys with values. No key is there twice. */
    record Mapping(@Override Position position, List<Entry> entries) implements Yaml {
        @Override
        public Kind kind() {
            return Kind.MAPPING;
        }
    }

    /** A key with its value. */
    record Entry(Scalar key, Yaml value) {}

    /**
     * How the characters of a scalar are laid out in the file.
     *
     * @param shift characters before the first one, on the same line; -1 where characters do not stand one beside the other
     * @param block the lines below the header of a literal block; else empty
     */
    record Layout(int shift, List<String> block) {
        static final Layout UNKNOWN = new Layout(-1, List.of());

        /** The places of characters, in ascending order; takes time in proportion to the text. */
        private List<Position> at(Position begin, String text, List<Integer> offsets) {
            List<Position> places = new ArrayList<>(offsets.size());
            int line = 0;
            int start = 0;
            int counted = 0;
            int column = 0;
            for (int offset : offsets) {
                int end = Math.min(offset, text.length());
                if (shift < 0) {
                    for (int next = text.indexOf('\n', counted);
                            next >= 0 && next < end;
                            next = text.indexOf('\n', counted)) {
                        line++;
                        start = next + 1;
                        counted = start;
                        column = 0;
                    }
                }
                column += text.codePointCount(counted, Math.max(counted, end));
                counted = Math.max(counted, end);
                places.add(
                        shift >= 0
                                ? new Position(begin.line(), begin.column() + shift + column)
                                : inBlock(begin, text, line, start, column));
            }
            return places;
        }

        private Position inBlock(Position begin, String text, int line, int start, int column) {
            if (line >= block.size()) {
                return begin;
            }
            int stop = text.indexOf('\n', start);
            int length = (stop < 0 ? text.length() : stop) - start;
            String source = block.get(line);
            int indent = source.length() - length;
            if (indent < 0 || !source.regionMatches(indent, text, start, length)) {
                return begin;
            }
            return new Position(begin.line() + 1 + line, source.codePointCount(0, indent) + column + 1);
        }
    }
}
