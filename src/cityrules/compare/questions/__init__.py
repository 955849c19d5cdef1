"""What an office asks of one document: a number under many values, which value makes a wish true, and how verdicts go
from period to period."""
