// needs: kit/kit.css kit/kit.js kit/mark.svg
