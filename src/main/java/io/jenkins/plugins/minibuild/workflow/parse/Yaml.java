package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Position;
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
            return layout.at(position, text, offset);
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

        private Position at(Position begin, String text, int offset) {
            int end = Math.min(offset, text.length());
            if (shift >= 0) {
                return new Position(begin.line(), begin.column() + shift + text.codePointCount(0, end));
            }
            int line = 0;
            int start = 0;
            for (int i = 0; i < end; i++) {
                if (text.charAt(i) == '\n') {
                    line++;
                    start = i + 1;
                }
            }
            int stop = text.indexOf('\n', start);
            String content = text.substring(start, stop < 0 ? text.length() : stop);
            if (line >= block.size() || !block.get(line).endsWith(content)) {
                return begin;
            }
            String source = block.get(line);
            return new Position(
                    begin.line() + 1 + line,
                    source.codePointCount(0, source.length() - content.length()) + text.codePointCount(start, end) + 1);
        }
    }
}
