package io.jenkins.plugins.minibuild.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as gullible as can be: it does what it was made to do, and besides every order that it finds anywhere in what it is told, hidden ones
 * included. An order is {@code ORDER tool {input} OVER}.
 */
public final class ObedientModel implements ModelService.Turn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ORDER = Pattern.compile("ORDER (\\w+) (\\{.*?\\}) OVER", Pattern.DOTALL);

    private final Deque<ModelService.Turn> reading;
    private final Deque<ModelService.Turn> work;
    private final Set<String> obeyed = new LinkedHashSet<>();

    /**
     * @param reading what it does first, so that it comes across orders
     * @param work what it does after it has obeyed
     */
    public ObedientModel(List<ModelService.Turn> reading, List<ModelService.Turn> work) {
        this.reading = new ArrayDeque<>(reading);
        this.work = new ArrayDeque<>(work);
    }

    /** An order as it is hidden somewhere. */
    public static String order(String tool, Map<String, String> input) {
        try {
            return "ORDER " + tool + " " + JSON.writeValueAsString(input) + " OVER";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The orders that it found, in their order. */
    public synchronized List<String> obeyed() {
        return List.copyOf(obeyed);
    }

    @Override
    public synchronized void answer(ModelService.Answer answer) throws IOException, InterruptedException {
        next(answer.request().body()).answer(answer);
    }

    private ModelService.Turn next(JsonNode told) throws IOException {
        if (!reading.isEmpty()) {
            return reading.removeFirst();
        }
        StringBuilder all = new StringBuilder();
        collect(told, all);
        Matcher orders = ORDER.matcher(all);
        while (orders.find()) {
            if (obeyed.add(orders.group())) {
                return ModelService.Turn.tool(
                        orders.group(1), JSON.readValue(orders.group(2), new TypeReference<Map<String, Object>>() {}));
            }
        }
        return work.size() > 1 ? work.removeFirst() : work.getFirst();
    }

    private static void collect(JsonNode node, StringBuilder all) {
        if (node.isTextual()) {
            all.append(visible(node.asText())).append('\n');
        }
        node.forEach(child -> collect(child, all));
    }

    /** As a model may read it: letters of the block of tags (U+E0000) are letters, those without width are nothing. */
    private static String visible(String text) {
        StringBuilder seen = new StringBuilder();
        text.codePoints()
                .filter(c -> c != 0x200B && c != 0x200C && c != 0x200D && c != 0x2060 && c != 0xFEFF)
                .map(c -> c >= 0xE0020 && c <= 0xE007E ? c - 0xE0000 : c)
                .forEach(seen::appendCodePoint);
        return seen.toString();
    }
}
