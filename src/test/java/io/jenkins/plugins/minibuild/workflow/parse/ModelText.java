package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Position;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;

/** A model as text for people to read and for tests to compare: every component that is not empty, a line each. */
final class ModelText {
    private final StringBuilder lines = new StringBuilder();

    private ModelText() {}

    static String of(Record value) {
        return of(value, "");
    }

    private static String of(Record value, String indent) {
        ModelText text = new ModelText();
        text.components(value, indent);
        return text.lines.toString();
    }

    private void components(Record value, String indent) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                add(component.getName(), component.getAccessor().invoke(value), indent);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void add(String name, Object value, String indent) {
        if (value == null || value.equals(false) || value.equals(0) || value.equals(0L)) {
            return;
        }
        if (value instanceof Position position) {
            lines.append(indent + name + ": " + position.line() + ":" + position.column())
                    .append('\n');
        } else if (value instanceof Collection<?> list) {
            list.forEach(each -> add("- " + name, each, indent));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> add(name + "[" + key + "]", each, indent));
        } else if (value instanceof Record record) {
            String inner = of(record, indent + "  ");
            if (!inner.isEmpty()) {
                lines.append(indent).append(name).append('\n').append(inner);
            }
        } else {
            lines.append(indent + name + ": " + value.toString().replace("\n", "\\n"))
                    .append('\n');
        }
    }
}
