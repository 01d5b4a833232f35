"""The pages that people look at and the API that programs ask: one answer, shown twice."""
