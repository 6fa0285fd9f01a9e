package org.kohsuke.stapler;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import net.sf.json.JSONObject;

/** A request. */
public interface StaplerRequest2 extends HttpServletRequest {
    String getRestOfPath();

    RequestDispatcher getView(Object it, String viewName) throws IOException;

    JSONObject getSubmittedForm() throws ServletException;

    <T> T findAncestorObject(Class<T> type);

    <T> List<T> bindJSONToList(Class<T> type, Object src);
}
